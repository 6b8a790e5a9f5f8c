import Testing

@testable import Numerics

/// Asserts are gone in a release build, preconditions are not: they say so when they fail.
@Suite("Memory is lent within its bounds, in a release build too")
struct BoundsTests {
    private static func workspace() -> TreeWorkspace {
        let table = Matrix(rows: 4, columns: 1, elements: [0, 1, 2, 3])
        return TreeWorkspace(BinnedTable(table, bounds: [[0.5, 1.5]]), leavesMax: 2)
    }

    private static func split(column: Int) -> TreeSplit {
        TreeSplit(
            gain: 1, column: column, bin: 0, missingGoesLeft: true, left: .zero, right: .zero)
    }

    private func isTrap(_ result: ExitTest.Result?, _ reason: String) -> Bool {
        let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        return said.contains("Precondition failed: \(reason)")
    }

    @Test("Rows beyond the table are not parted")
    func rows() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var workspace = BoundsTests.workspace()
            _ = workspace.part(0..<5, by: BoundsTests.split(column: 0))
        }
        #expect(isTrap(result, "a leaf has rows of the table"))
    }

    @Test("A column that the table lacks parts nothing")
    func columns() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var workspace = BoundsTests.workspace()
            _ = workspace.part(0..<4, by: BoundsTests.split(column: 1))
        }
        #expect(isTrap(result, "a split is by a column there is"))
    }

    @Test("A leaf's value is added to as many scores as there are rows")
    func scores() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var scores = [0.0, 0.0]
            BoundsTests.workspace().add(1, to: &scores, rows: 0..<4)
        }
        #expect(isTrap(result, "every row has a score"))
    }

    @Test("A leaf without a slot is not looked at")
    func slots() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var workspace = BoundsTests.workspace()
            _ = workspace.split(
                .init(slot: 2, rows: 0..<4, sums: .one), sibling: nil, columns: [true],
                rules: SplitRules(l2: 1, childWeightMin: 0, childRowsMin: 1, gainMin: 0))
        }
        #expect(isTrap(result, "a part lies within its memory"))
    }

    @Test("A tree that leads out of itself is not added to a forest")
    func trees() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var forest = Forest(columns: 1)
            forest.append([TreeNode(column: 0, bound: 0, left: 1, missing: 0), .leaf(1)])
        }
        #expect(isTrap(result, "a tree leads to its own nodes"))
    }

    @Test("A matrix that lost an element is no table")
    func matrices() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var matrix = Matrix(rows: 2, columns: 2)
            matrix.elements.removeLast()
            _ = BinnedTable(matrix, bounds: [[], []])
        }
        #expect(isTrap(result, "a matrix has its shape"))
    }

    @Test("Offsets of sparse rows that fall are refused")
    func offsets() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = SparseRows(
                columnCount: 1, offsets: [0, 100, 1], columns: [0], values: [1])
        }
        #expect(isTrap(result, "the rows' offsets rise"))
    }
}
