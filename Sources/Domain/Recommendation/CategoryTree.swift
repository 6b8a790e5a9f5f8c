/// The shop's categories as paths ("electronics/phone/case"), each with a dense index and its
/// parent.
package struct CategoryTree: Sendable {
    package private(set) var paths: [String] = []
    private var parents: [Int32] = []
    private var children: [[Int32]] = []
    private var index: [String: Int32] = [:]

    package init() {}

    package var count: Int { paths.count }

    /// The index of a path, made together with its ancestors when it is new; -1 for the empty path.
    package mutating func intern(_ path: String) -> Int32 {
        if path.isEmpty { return -1 }
        if let known = index[path] { return known }
        var parent: Int32 = -1
        if let slash = path.lastIndex(of: "/") { parent = intern(String(path[..<slash])) }
        let new = Int32(paths.count)
        paths.append(path)
        parents.append(parent)
        children.append([])
        index[path] = new
        if parent >= 0 { children[Int(parent)].append(new) }
        return new
    }

    /// The index of a path, or nil when no item ever had it or a category below it.
    package func find(_ path: String) -> Int32? { index[path] }

    /// A category with everything below it.
    package func subtree(of category: Int32) -> [Int32] {
        var found = [category]
        var next = 0
        while next < found.count {
            found.append(contentsOf: children[Int(found[next])])
            next += 1
        }
        return found
    }

    /// Whether a category is another one or lies below it.
    package func isBelow(_ category: Int32, _ ancestor: Int32) -> Bool {
        var at = category
        while at >= 0 {
            if at == ancestor { return true }
            at = parents[Int(at)]
        }
        return false
    }

    /// The path of a category; empty for -1.
    package func path(of category: Int32) -> String {
        category < 0 ? "" : paths[Int(category)]
    }
}
