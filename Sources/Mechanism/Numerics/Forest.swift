/// One node of a tree: a question on a column, or a leaf with a value.
package struct TreeNode: Sendable, Equatable, BitwiseCopyable {
    /// The column asked, −1 for a leaf.
    package var column: Int32
    /// Rows up to this bound go to `left`, others to `left + 1`; in a leaf the value.
    package var bound: Float
    package var left: Int32
    /// Where NaN goes: 0 left, 1 right.
    package var missing: Int32

    package init(column: Int32, bound: Float, left: Int32, missing: Int32) {
        self.column = column
        self.bound = bound
        self.left = left
        self.missing = missing
    }

    package static func leaf(_ value: Float) -> TreeNode {
        TreeNode(column: -1, bound: value, left: 0, missing: 0)
    }
}

/// Trees whose values are added up; a child always stands after its parent.
package struct Forest: Sendable, Equatable {
    package let columns: Int
    package private(set) var nodes: [TreeNode] = []
    /// The node that each tree starts at.
    package private(set) var roots: [Int32] = []

    package init(columns: Int) {
        precondition(columns >= 0)
        self.columns = columns
    }

    /// nil unless every path of every tree ends in a leaf and asks columns there are.
    package init?(columns: Int, nodes: [TreeNode], roots: [Int32]) {
        guard columns >= 0, roots.allSatisfy({ $0 >= 0 && Int($0) < nodes.count }),
            Self.lead(nodes, columns: columns),
            nodes.allSatisfy({ $0.column >= -1 && ($0.column >= 0 || $0.bound.isFinite) })
        else { return nil }
        self.columns = columns
        self.nodes = nodes
        self.roots = roots
    }

    /// Whether every question is about a column there is and leads to nodes that stand after it.
    private static func lead(_ nodes: [TreeNode], columns: Int) -> Bool {
        nodes.enumerated().allSatisfy { index, node in
            node.column < 0
                || Int(node.column) < columns && Int(node.left) > index
                    && Int(node.left) + 1 < nodes.count
                    && (node.missing == 0 || node.missing == 1) && !node.bound.isNaN
        }
    }

    /// Adds a tree whose `left` numbers count from its own first node; traps when it is empty or
    /// leads out of itself.
    package mutating func append(_ tree: [TreeNode]) {
        precondition(
            !tree.isEmpty && Self.lead(tree, columns: columns), "a tree leads to its own nodes")
        let base = Int32(nodes.count)
        roots.append(base)
        for node in tree {
            var node = node
            if node.column >= 0 { node.left += base }
            nodes.append(node)
        }
    }

    /// Keeps the first `count` trees.
    package mutating func cut(to count: Int) {
        guard count < roots.count else { return }
        nodes.removeSubrange(Int(roots[count])...)
        roots.removeSubrange(count...)
    }

    @inline(__always)
    private static func value(
        _ nodes: Reading<TreeNode>, _ root: Int32, _ row: Reading<Float>
    ) -> Double {
        var node = nodes[Int(root)]
        while node.column >= 0 {
            let value = row[Int(node.column)]
            let right = value.isNaN ? node.missing : (value <= node.bound ? 0 : 1)
            node = nodes[Int(node.left + right)]
        }
        return Double(node.bound)
    }

    /// The sum over all trees for one row.
    package func sum(_ row: [Float]) -> Double {
        precondition(row.count == columns)
        return nodes.withReading { nodes in
            row.withReading { row in
                roots.reduce(0) { $0 + Self.value(nodes, $1, row) }
            }
        }
    }

    /// Adds the trees from number `first` on to the score of every row; the same as `sum` of each.
    package func add(_ table: Matrix, from first: Int = 0, to scores: inout [Double]) {
        precondition(table.columns == columns && scores.count == table.rows)
        scores.withLane { scores in
            nodes.withReading { nodes in
                table.elements.withReading { elements in
                    Parallel.forEach(count: table.rows, grain: 256) { piece in
                        for root in roots[first...] {
                            for row in piece {
                                scores[row] += Self.value(
                                    nodes, root, elements.part(row * columns, columns))
                            }
                        }
                    }
                }
            }
        }
    }
}
