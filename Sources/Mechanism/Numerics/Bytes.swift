/// Numbers as little-endian bytes and back, copied in one go.
package enum Bytes {
    private static func raw<T: BitwiseCopyable>(_ numbers: [T], to out: inout [UInt8]) {
        precondition(1.littleEndian == 1, "a big-endian machine needs a swap here")
        unsafe numbers.withUnsafeBytes { unsafe out.append(contentsOf: $0) }
    }

    private static func numbers<T: BitwiseCopyable & ExpressibleByIntegerLiteral>(
        _ bytes: ArraySlice<UInt8>, of type: T.Type
    ) -> [T]? {
        let width = MemoryLayout<T>.size
        guard bytes.count % width == 0 else { return nil }
        var result = [T](repeating: 0, count: bytes.count / width)
        unsafe result.withUnsafeMutableBytes { to in
            unsafe bytes.withUnsafeBytes { unsafe to.copyMemory(from: $0) }
        }
        return result
    }

    package static func append(_ numbers: [Float], to out: inout [UInt8]) {
        raw(numbers, to: &out)
    }
    package static func append(_ numbers: [Double], to out: inout [UInt8]) {
        raw(numbers, to: &out)
    }
    package static func append(_ numbers: [Int32], to out: inout [UInt8]) {
        raw(numbers, to: &out)
    }
    package static func append(_ numbers: [Int64], to out: inout [UInt8]) {
        raw(numbers, to: &out)
    }

    /// nil when the bytes do not divide evenly; so for all that follow.
    package static func floats(_ bytes: ArraySlice<UInt8>) -> [Float]? {
        numbers(bytes, of: Float.self)
    }
    package static func doubles(_ bytes: ArraySlice<UInt8>) -> [Double]? {
        numbers(bytes, of: Double.self)
    }
    package static func int32s(_ bytes: ArraySlice<UInt8>) -> [Int32]? {
        numbers(bytes, of: Int32.self)
    }
    package static func int64s(_ bytes: ArraySlice<UInt8>) -> [Int64]? {
        numbers(bytes, of: Int64.self)
    }
}
