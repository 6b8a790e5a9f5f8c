import COpenBLAS

/// The calls into OpenBLAS: shapes are checked here, and the library runs on the caller's thread
/// alone because `Parallel` spreads the work (results then do not depend on its thread pool).
enum BLAS {
    /// Set once, before the first call.
    private static let single: Void = openblas_set_num_threads(1)

    /// Sizes OpenBLAS takes are 32-bit.
    @inline(__always)
    private static func size(_ value: Int) -> Int32 {
        precondition(value >= 0 && value <= Int(Int32.max))
        return Int32(truncatingIfNeeded: value)
    }

    /// C = alpha·op(A)·op(B) + beta·C; C is m × n, the inner size is k.
    static func gemm(
        _ a: Reading<Float>, transposed transposeA: Bool = false, _ b: Reading<Float>,
        transposedB transposeB: Bool = false, into c: Lane<Float>, m: Int, n: Int, k: Int,
        alpha: Float = 1, beta: Float = 0
    ) {
        precondition(a.count >= m * k && b.count >= k * n && c.count >= m * n)
        guard m > 0, n > 0 else { return }
        _ = single
        unsafe cblas_sgemm(
            CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans,
            transposeB ? CblasTrans : CblasNoTrans, size(m), size(n), size(k), alpha,
            a.base, size(max(1, transposeA ? m : k)), b.base, size(max(1, transposeB ? k : n)),
            beta, c.base, size(n))
    }

    /// y = alpha·op(A)·x + beta·y; A is rows × columns.
    static func gemv(
        _ a: Reading<Float>, rows: Int, columns: Int, transposed: Bool = false,
        _ x: Reading<Float>, into y: Lane<Float>, alpha: Float = 1, beta: Float = 0
    ) {
        precondition(a.count >= rows * columns)
        precondition(x.count >= (transposed ? rows : columns))
        precondition(y.count >= (transposed ? columns : rows))
        guard rows > 0, columns > 0 else { return }
        _ = single
        unsafe cblas_sgemv(
            CblasRowMajor, transposed ? CblasTrans : CblasNoTrans, size(rows), size(columns),
            alpha, a.base, size(columns), x.base, 1, beta, y.base, 1)
    }

    /// The upper triangle of C = Aᵀ·A + beta·C; A is rows × columns.
    static func syrk(
        _ a: Reading<Float>, rows: Int, columns: Int, into c: Lane<Float>, beta: Float = 0
    ) {
        precondition(a.count >= rows * columns && c.count >= columns * columns)
        guard rows > 0, columns > 0 else { return }
        _ = single
        unsafe cblas_ssyrk(
            CblasRowMajor, CblasUpper, CblasTrans, size(columns), size(rows), 1, a.base,
            size(columns), beta, c.base, size(columns))
    }

    static func dot(_ a: Reading<Float>, _ b: Reading<Float>) -> Float {
        precondition(a.count == b.count)
        _ = single
        return unsafe cblas_sdot(size(a.count), a.base, 1, b.base, 1)
    }
}
