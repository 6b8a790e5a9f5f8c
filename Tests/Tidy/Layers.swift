/// The layers of the house: which folder a module lies in, and what it may import.
enum Layers {
    /// Lowest first. A module imports modules of lower layers, and of its own.
    static let order = [
        "C", "Base", "Mechanism", "Messages", "Domain", "Storage", "Runtime", "Roles",
        "Executables",
    ]
    /// Which mechanism module may import which C module.
    static let cModules: [String: Set<String>] = [
        "CZeroMQ": ["ZeroMQ"], "CSQLite": ["SQLite"], "COpenBLAS": ["Numerics"],
        "CSodium": ["System"], "CMicroHTTPD": ["HTTPServer"],
        "CRoaring": ["Roaring"],
        "CShims": ["System", "ZeroMQ"],
    ]
    /// What the domain may use of the mechanism: arithmetic and sets only.
    static let domainMechanism: Set<String> = ["Numerics", "Roaring"]
    static let pureForbidden: Set<String> = [
        "Foundation", "FoundationEssentials", "Glibc", "Dispatch", "Synchronization",
    ]

    /// Layers without a clock, a file or a socket.
    static let pure: Set<String> = ["Base", "Messages", "Domain"]

    /// These need logarithms, which only the C library has. Events and Features fold state without
    /// them, because their last bit depends on the machine.
    static let usesLogarithms: Set<String> = [
        "Randomness", "Learning", "Recommendation", "Simulation",
    ]

    /// What is wrong with a module of `layer` importing `imported`; nil if nothing.
    static func complaint(
        module: String, layer: String, imports imported: String, layerOf: [String: String]
    ) -> String? {
        if let allowed = cModules[imported] {
            return allowed.contains(module) ? nil : "\(module) must not import \(imported)"
        }
        let countsOnly = usesLogarithms.contains(module)
        if pure.contains(layer) && pureForbidden.contains(imported)
            && !(countsOnly && ["Foundation", "Glibc"].contains(imported))
        {
            return "\(module) is pure and must not import \(imported)"
        }
        guard let target = layerOf[imported] else { return nil }
        guard let from = order.firstIndex(of: layer), let to = order.firstIndex(of: target)
        else { return "\(module) lies in no layer" }
        if to > from { return "\(module) (\(layer)) must not import \(imported) (\(target))" }
        if layer == "Messages" { return "Messages must import nothing, not \(imported)" }
        if layer == "Domain" && target == "Mechanism" && !domainMechanism.contains(imported) {
            return "\(module) is pure and must not import \(imported)"
        }
        if layer == "Storage" && imported == "ZeroMQ" { return "Storage must not import ZeroMQ" }
        if layer == "Runtime" && ["Domain", "Storage"].contains(target) {
            return "Runtime must not import \(imported)"
        }
        return nil
    }

    /// The module named by an import line, or nil.
    static func imported(_ line: Substring) -> String? {
        let words = line.split(separator: " ")
        guard let at = words.firstIndex(of: "import"), at + 1 < words.count,
            words[..<at].allSatisfy({
                ["package", "internal", "private", "fileprivate", "@testable", "public"]
                    .contains($0)
            })
        else { return nil }
        let name = words.last ?? ""
        return String(name.split(separator: ".").first ?? name)
    }
}
