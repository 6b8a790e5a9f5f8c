import Foundation

/// Minimises a smooth function from its gradient (limited-memory BFGS, Nocedal and Wright 2006,
/// algorithm 7.4, with a backtracking line search).
package enum LBFGS {
    /// Pairs of steps remembered.
    private static let memory = 10

    /// Improves `point` until the greatest gradient element is at most `tolerance`; gives the
    /// iterations taken. `function` fills the gradient and gives the value.
    package static func minimise(
        _ point: inout [Double], iterationsMax: Int, tolerance: Double,
        _ function: ([Double], inout [Double]) -> Double
    ) -> Int {
        var gradient = [Double](repeating: 0, count: point.count)
        var value = function(point, &gradient)
        var steps: [(move: [Double], turn: [Double], scale: Double)] = []
        for iteration in 0..<iterationsMax {
            if gradient.allSatisfy({ abs($0) <= tolerance }) { return iteration }
            var direction = descent(gradient, steps)
            var slope = dot(direction, gradient)
            if !(slope < 0) {
                steps.removeAll()
                direction = gradient.map { -$0 }
                slope = dot(direction, gradient)
            }
            var length = 1.0
            if steps.isEmpty { length = min(1, 1 / dot(gradient, gradient).squareRoot()) }
            var next = point
            var nextGradient = gradient
            var nextValue = value
            var accepted = false
            for _ in 0..<30 {
                for index in point.indices {
                    next[index] = point[index] + length * direction[index]
                }
                nextValue = function(next, &nextGradient)
                if nextValue <= value + 1e-4 * length * slope {
                    accepted = true
                    break
                }
                length /= 2
            }
            guard accepted else { return iteration }
            let move = zip(next, point).map { $0 - $1 }
            let turn = zip(nextGradient, gradient).map { $0 - $1 }
            let curvature = dot(move, turn)
            if curvature > 1e-10 * dot(turn, turn).squareRoot() * dot(move, move).squareRoot() {
                steps.append((move, turn, 1 / curvature))
                if steps.count > memory { steps.removeFirst() }
            }
            point = next
            gradient = nextGradient
            value = nextValue
        }
        return iterationsMax
    }

    /// The two-loop recursion: minus the inverse Hessian's estimate times the gradient.
    private static func descent(
        _ gradient: [Double], _ steps: [(move: [Double], turn: [Double], scale: Double)]
    ) -> [Double] {
        var result = gradient
        var shares: [Double] = []
        for step in steps.reversed() {
            let share = step.scale * dot(step.move, result)
            shares.append(share)
            for index in result.indices { result[index] -= share * step.turn[index] }
        }
        if let last = steps.last {
            let scale = 1 / (last.scale * dot(last.turn, last.turn))
            for index in result.indices { result[index] *= scale }
        }
        for (step, share) in zip(steps, shares.reversed()) {
            let other = step.scale * dot(step.turn, result)
            for index in result.indices { result[index] += (share - other) * step.move[index] }
        }
        return result.map { -$0 }
    }

    private static func dot(_ a: [Double], _ b: [Double]) -> Double {
        var sum = 0.0
        for index in a.indices { sum += a[index] * b[index] }
        return sum
    }
}
