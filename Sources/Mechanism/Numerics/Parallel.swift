import Dispatch
import Foundation

/// Work spread over the cores; results never depend on how many there are.
package enum Parallel {
    /// How many threads work at once when a caller does not say.
    package static let cores = max(1, ProcessInfo.processInfo.activeProcessorCount)

    /// Calls `body` once for each piece of at most `grain` indices of `0..<count`.
    ///
    /// The pieces depend on `count` and `grain` only, so a sum kept per piece and added in the
    /// order of pieces is the same on any machine.
    package static func forEach(
        count: Int, grain: Int, threads: Int = cores, _ body: @Sendable (Range<Int>) -> Void
    ) {
        precondition(count >= 0 && grain > 0)
        let pieces = (count + grain - 1) / grain
        if threads <= 1 || pieces <= 1 {
            for piece in 0..<pieces { body(piece * grain..<min(count, (piece + 1) * grain)) }
            return
        }
        let workers = min(threads, pieces)
        if workers >= cores {
            DispatchQueue.concurrentPerform(iterations: pieces) { piece in
                body(piece * grain..<min(count, (piece + 1) * grain))
            }
        } else {
            DispatchQueue.concurrentPerform(iterations: workers) { worker in
                for piece in stride(from: worker, to: pieces, by: workers) {
                    body(piece * grain..<min(count, (piece + 1) * grain))
                }
            }
        }
    }

    /// The results of `body` for `0..<count`, in order.
    package static func map<T: Sendable>(
        count: Int, threads: Int = cores, _ body: @Sendable (Int) -> T
    ) -> [T] {
        var results = [T?](repeating: nil, count: count)
        results.withLane { lane in
            forEach(count: count, grain: 1, threads: threads) { piece in
                for index in piece { lane[index] = body(index) }
            }
        }
        return results.compactMap { $0 }
    }

    /// The results of `body` for each piece of at most `grain` indices of `0..<count`, in order.
    package static func mapPieces<T: Sendable>(
        count: Int, grain: Int, threads: Int = cores, _ body: @Sendable (Range<Int>) -> T
    ) -> [T] {
        precondition(count >= 0 && grain > 0)
        return map(count: (count + grain - 1) / grain, threads: threads) { piece in
            body(piece * grain..<min(count, (piece + 1) * grain))
        }
    }
}
