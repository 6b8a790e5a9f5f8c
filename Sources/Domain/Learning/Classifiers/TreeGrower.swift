import Numerics
import Randomness

/// Grows one tree after another on the same table, always at the leaf with the most to gain.
struct TreeGrower {
    private var workspace: TreeWorkspace
    private let options: GradientBoostedTrees.Options
    private let rules: SplitRules
    private var random: SeededRandom

    init(_ table: BinnedTable, options: GradientBoostedTrees.Options) {
        precondition(options.leavesMax >= 2)
        workspace = TreeWorkspace(table, leavesMax: options.leavesMax)
        self.options = options
        rules = SplitRules(
            l2: options.l2, childWeightMin: options.childWeightMin,
            childRowsMin: max(1, options.childRowsMin), gainMin: options.gainMin)
        random = SeededRandom(seed: options.seed)
    }

    private struct Open {
        var leaf: TreeWorkspace.Leaf
        var split: TreeSplit?
        var depth: Int
        /// The node of the growing tree that this leaf is.
        var node: Int
    }

    private struct Node {
        var split: TreeSplit?
        var value = 0.0
        var left = 0
        var right = 0
    }

    /// Grows a tree on the loss at `scores`, adds its values to them, and gives nodes and gains.
    mutating func grow(
        _ scores: inout [Double], _ examples: Examples
    ) -> (nodes: [TreeNode], gains: [Double]) {
        let sums = workspace.start(
            scores: scores, labels: examples.labels, weights: examples.weights)
        let allowed = drawColumns()
        let root = TreeWorkspace.Leaf(slot: 0, rows: 0..<examples.count, sums: sums)
        let first = workspace.split(root, sibling: nil, columns: allowed, rules: rules).0
        var leaves = [Open(leaf: root, split: first, depth: 0, node: 0)]
        var nodes = [Node()]
        var gains = [Double](repeating: 0, count: allowed.count)
        while leaves.count < options.leavesMax, let next = widest(leaves) {
            guard let split = leaves[next].split else { break }
            gains[split.column] += split.gain
            divide(&leaves, at: next, split, &nodes, allowed)
        }
        for open in leaves {
            let sums = open.leaf.sums
            let value = -options.learningRate * sums.x / (sums.y + options.l2)
            nodes[open.node].value = Double(Float(value))
            workspace.add(nodes[open.node].value, to: &scores, rows: open.leaf.rows)
        }
        return (flatten(nodes), gains)
    }

    private mutating func drawColumns() -> [Bool] {
        let count = workspace.table.columns
        let taken = max(1, Int((Double(count) * options.columnShare).rounded()))
        guard taken < count else { return [Bool](repeating: true, count: count) }
        var allowed = [Bool](repeating: false, count: count)
        for column in (0..<count).shuffled(using: &random).prefix(taken) { allowed[column] = true }
        return allowed
    }

    /// The leaf whose split gains most, the earliest among equals.
    private func widest(_ leaves: [Open]) -> Int? {
        var best: Int?
        for (index, open) in leaves.enumerated() {
            guard let gain = open.split?.gain else { continue }
            if let known = best, gain <= (leaves[known].split?.gain ?? 0) { continue }
            best = index
        }
        return best
    }

    private mutating func divide(
        _ leaves: inout [Open], at index: Int, _ split: TreeSplit, _ nodes: inout [Node],
        _ allowed: [Bool]
    ) {
        let parent = leaves[index]
        let rows = parent.leaf.rows
        let middle = rows.lowerBound + workspace.part(rows, by: split)
        var left = TreeWorkspace.Leaf(
            slot: parent.leaf.slot, rows: rows.lowerBound..<middle, sums: split.left)
        var right = TreeWorkspace.Leaf(
            slot: parent.leaf.slot, rows: middle..<rows.upperBound, sums: split.right)
        nodes[parent.node].split = split
        nodes[parent.node].left = nodes.count
        nodes[parent.node].right = nodes.count + 1
        nodes += [Node(), Node()]
        let depth = parent.depth + 1
        let leftIsSmall = left.rows.count <= right.rows.count
        if leftIsSmall { left.slot = leaves.count } else { right.slot = leaves.count }
        var found: (TreeSplit?, TreeSplit?)
        // The last leaves of a tree need no histogram: nobody will split them.
        let grows = leaves.count + 1 < options.leavesMax
        if grows && (options.depthMax == 0 || depth < options.depthMax) {
            found = workspace.split(
                leftIsSmall ? left : right, sibling: leftIsSmall ? right : left,
                columns: allowed, rules: rules)
            if !leftIsSmall { found = (found.1, found.0) }
        }
        leaves[index] = Open(
            leaf: left, split: found.0, depth: depth, node: nodes[parent.node].left)
        leaves.append(
            Open(leaf: right, split: found.1, depth: depth, node: nodes[parent.node].right))
    }

    /// Numbers the nodes so that two children stand side by side after their parent.
    private func flatten(_ nodes: [Node]) -> [TreeNode] {
        var result = [TreeNode.leaf(0)]
        var waiting = [(node: 0, place: 0)]
        var next = 0
        while next < waiting.count {
            let (number, place) = waiting[next]
            next += 1
            let node = nodes[number]
            guard let split = node.split else {
                result[place] = .leaf(Float(node.value))
                continue
            }
            let bounds = workspace.table.bounds[split.column]
            result[place] = TreeNode(
                column: Int32(split.column),
                bound: split.bin < bounds.count ? bounds[split.bin] : .infinity,
                left: Int32(result.count), missing: split.missingGoesLeft ? 0 : 1)
            waiting.append((node.left, result.count))
            waiting.append((node.right, result.count + 1))
            result += [.leaf(0), .leaf(0)]
        }
        return result
    }
}
