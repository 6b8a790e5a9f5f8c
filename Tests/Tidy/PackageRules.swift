/// What Package.swift declares, against the folders that are there.
enum PackageRules {
    /// Module to layer, from the `module("Layer", "Name"` lines and the programs.
    static func modules(_ package: String) -> [String: String] {
        var found: [String: String] = [:]
        for match in package.matches(of: /module\(\s*"(\w+)",\s*"(\w+)"/) {
            found[String(match.2)] = String(match.1)
        }
        for match in package.matches(of: /program\("([\w-]+)",/) {
            found[String(match.1)] = "Executables"
        }
        for match in package.matches(of: /path: "Sources\/C\/(\w+)"/) {
            found[String(match.1)] = "C"
        }
        return found
    }

    static func tests(_ package: String) -> [String] {
        package.matches(of: /\btests\(\s*"(\w+)"/).map { String($0.1) }
    }

    /// Both ways: nothing declared is missing, no folder is forgotten.
    static func differences(declared: [String], folders: [String]) -> [String] {
        let declared = Set(declared)
        let folders = Set(folders)
        return declared.subtracting(folders).sorted().map { "\($0) has no folder" }
            + folders.subtracting(declared).sorted().map { "\($0) is not in Package.swift" }
    }
}
