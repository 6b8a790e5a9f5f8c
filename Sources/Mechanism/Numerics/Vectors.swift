/// Loops over short vectors that are too small for a BLAS call to pay.
enum Vectors {
    /// Σ aᵢ·bᵢ over `count` elements, which both must have.
    @inline(__always)
    static func dot(_ a: Reading<Float>, _ b: Reading<Float>, _ count: Int) -> Float {
        assert(count <= a.count && count <= b.count)
        var first = SIMD8<Float>.zero
        var second = SIMD8<Float>.zero
        var index = 0
        while index + 16 <= count {
            first += a.eight(index) * b.eight(index)
            second += a.eight(index + 8) * b.eight(index + 8)
            index += 16
        }
        var sum = (first + second).sum()
        while index < count {
            sum += a[index] * b[index]
            index += 1
        }
        return sum
    }

    /// y += factor·x over `count` elements.
    @inline(__always)
    static func add(_ factor: Float, _ x: Reading<Float>, to y: Lane<Float>, _ count: Int) {
        assert(count <= x.count && count <= y.count)
        let spread = SIMD8<Float>(repeating: factor)
        var index = 0
        while index + 8 <= count {
            y.setEight(index, y.eight(index) + spread * x.eight(index))
            index += 8
        }
        while index < count {
            y[index] += factor * x[index]
            index += 1
        }
    }
}

extension Reading where Element == Float {
    @inline(__always)
    func eight(_ index: Int) -> SIMD8<Float> {
        assert(index >= 0 && index + 8 <= count)
        return unsafe UnsafeRawPointer(base + index).loadUnaligned(as: SIMD8<Float>.self)
    }
}

extension Lane where Element == Float {
    @inline(__always)
    func eight(_ index: Int) -> SIMD8<Float> {
        assert(index >= 0 && index + 8 <= count)
        return unsafe UnsafeRawPointer(base + index).loadUnaligned(as: SIMD8<Float>.self)
    }

    @inline(__always)
    func setEight(_ index: Int, _ value: SIMD8<Float>) {
        assert(index >= 0 && index + 8 <= count)
        unsafe UnsafeMutableRawPointer(base + index).storeBytes(of: value, as: SIMD8<Float>.self)
    }
}
