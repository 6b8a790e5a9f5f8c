// swift-tools-version: 6.2
import PackageDescription

/// One list of settings for every Swift target, so that targets differ only in name and
/// dependencies. Warnings become errors in Deploy/test, not here: a newer compiler must not break a
/// user's build.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableExperimentalFeature("Lifetimes"),
]

func module(
    _ layer: String, _ name: String, _ dependencies: [Target.Dependency] = []
) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Sources/\(layer)/\(name)",
        swiftSettings: strict)
}

func program(_ name: String, _ role: String) -> Target {
    .executableTarget(
        name: name, dependencies: [.byName(name: role)], path: "Sources/Executables/\(name)",
        swiftSettings: strict)
}

func tests(
    _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []
) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: dependencies + ["TestSupport", "PlainText", "Randomness"],
        path: "Tests/\(name)",
        exclude: exclude, swiftSettings: strict)
}

let package = Package(
    name: "limn",
    products: [
        .executable(name: "limn", targets: ["limn"]),
        .executable(name: "limn-supervisor", targets: ["limn-supervisor"]),
        .executable(name: "limn-ingest", targets: ["limn-ingest"]),
        .executable(name: "limn-features", targets: ["limn-features"]),
        .executable(name: "limn-trainer", targets: ["limn-trainer"]),
        .executable(name: "limn-scoring", targets: ["limn-scoring"]),
    ],
    targets: [
        // C libraries of the system, and what Swift cannot call by itself.
        .systemLibrary(name: "CZeroMQ", path: "Sources/C/CZeroMQ"),
        .systemLibrary(name: "CSQLite", path: "Sources/C/CSQLite"),
        .systemLibrary(name: "COpenBLAS", path: "Sources/C/COpenBLAS"),
        .systemLibrary(name: "CSodium", path: "Sources/C/CSodium"),
        .systemLibrary(name: "CMicroHTTPD", path: "Sources/C/CMicroHTTPD"),
        .systemLibrary(name: "CRoaring", path: "Sources/C/CRoaring"),
        .target(name: "CShims", path: "Sources/C/CShims"),

        // Base: what every layer may use; pure.
        module("Base", "PlainText"),
        module("Base", "Randomness"),

        // Mechanism: the only modules that import their C library.
        module("Mechanism", "ZeroMQ", ["CZeroMQ", "CShims"]),
        module("Mechanism", "SQLite", ["CSQLite"]),
        module("Mechanism", "Numerics", ["COpenBLAS"]),
        module("Mechanism", "System", ["CShims", "CSodium"]),
        module("Mechanism", "HTTPServer", ["CMicroHTTPD"]),
        module("Mechanism", "Roaring", ["CRoaring"]),

        // Messages: the wire, pure.
        module("Messages", "Messages"),

        // Domain: pure; no socket, no clock, no file.
        module("Domain", "Events", ["Messages"]),
        module("Domain", "Features", ["Messages", "Events"]),
        module("Domain", "Identity", ["Messages", "Events"]),
        module("Domain", "Cleaning", ["Messages", "Events"]),
        module("Domain", "Learning", ["PlainText", "Randomness", "Numerics"]),
        module("Domain", "Recommendation", ["Learning", "Messages", "Numerics"]),
        module("Domain", "Profiles", ["Messages", "Events", "Features", "Expressions"]),
        module(
            "Domain", "Risk",
            [
                "Randomness",
                "RiskRules", "Profiles", "Expressions", "Features", "Messages", "Learning",
                "Numerics",
            ]),
        module("Domain", "RiskRules", ["Profiles", "Expressions"]),
        module(
            "Domain", "Segments",
            ["Profiles", "Expressions", "Features", "Events", "Messages", "Learning", "Numerics"]),
        module(
            "Domain", "Portrait",
            ["Risk", "RiskRules", "Segments", "Profiles", "Features", "Messages"]),
        module("Domain", "Simulation", ["Randomness", "Messages", "Events"]),
        module("Domain", "Expressions", ["PlainText"]),
        module(
            "Domain", "Audiences", ["Randomness", "Expressions", "Messages", "Roaring", "Numerics"]),

        // Storage: event log and user state behind one protocol.
        module("Storage", "Storage", ["SQLite", "Messages", "System"]),

        // Runtime: what every role shares.
        module("Runtime", "Runtime", ["PlainText", "ZeroMQ", "Messages", "System"]),

        // Roles.
        module(
            "Roles", "Ingest",
            [
                "Archive", "ConfiguredRules", "Cleaning", "Runtime", "Storage", "Events",
                "Identity", "Messages", "ZeroMQ", "System",
            ]),
        module(
            "Roles", "FeaturePool",
            ["Archive", "Runtime", "Storage", "Features", "Events", "Messages", "ZeroMQ", "System"]),
        module(
            "Roles", "ModelTraining",
            [
                "Runtime", "Learning", "Recommendation", "Features", "Identity", "Events",
                "Messages", "System", "Numerics",
            ]),
        module(
            "Roles", "Training",
            [
                "ModelTraining",
                "LiveAudiences", "Archive", "Runtime", "Learning", "Recommendation", "Features",
                "Identity", "Events", "Messages", "ZeroMQ", "System", "Numerics",
            ]),
        module(
            "Roles", "ConfiguredRules",
            ["Runtime", "Profiles", "Expressions", "RiskRules", "Cleaning"]),
        module(
            "Roles", "FittedPortrait",
            [
                "ConfiguredRules", "Runtime", "Portrait", "Risk", "RiskRules", "Segments",
                "Learning", "System",
            ]),
        module(
            "Roles", "LiveAudiences",
            [
                "FittedPortrait", "Archive", "Runtime", "Storage", "Audiences", "Portrait",
                "Profiles", "Identity", "Expressions", "Roaring", "Features", "Events", "Messages",
                "ZeroMQ", "System",
            ]),
        module(
            "Roles", "Scoring",
            [
                "ModelTraining",
                "FittedPortrait", "Runtime", "Storage", "Recommendation", "Profiles", "Portrait",
                "Features", "Identity", "Events", "Messages", "ZeroMQ", "System", "Numerics",
                "Learning",
            ]),
        module(
            "Roles", "Supervision",
            [
                "PlainText", "Randomness",
                "ConfiguredRules", "Runtime", "Storage", "Profiles", "Expressions", "Messages",
                "ZeroMQ", "System", "HTTPServer", "RiskRules", "Cleaning",
            ]),
        module(
            "Roles", "Archive",
            [
                "PlainText",
                "Runtime", "Storage", "Features", "Identity", "Events", "Messages", "System",
                "Numerics",
            ]),
        module(
            "Roles", "CommandLine",
            [
                "PlainText", "Randomness",
                "LiveAudiences", "ConfiguredRules", "Runtime", "Storage", "Simulation", "Learning",
                "Recommendation", "Profiles", "Features", "Identity", "Events", "Messages",
                "ZeroMQ", "SQLite", "System", "Numerics", "Supervision", "Archive",
                "Expressions", "Audiences", "Roaring", "Risk", "RiskRules", "Segments",
                "Portrait", "Cleaning", "ModelTraining",
            ]),

        // Executables: a few lines each.
        program("limn", "CommandLine"),
        program("limn-supervisor", "Supervision"),
        program("limn-ingest", "Ingest"),
        program("limn-features", "FeaturePool"),
        program("limn-trainer", "Training"),
        program("limn-scoring", "Scoring"),

        // Tests: one folder per module.
        .target(
            name: "TestSupport",
            dependencies: [
                "Runtime", "Storage", "Events", "Messages", "ZeroMQ", "System", "Randomness",
            ],
            path: "Tests/Support", exclude: ["Dates"], swiftSettings: strict),
        tests("Tidy", []),
        tests("ZeroMQ", ["ZeroMQ"]),
        tests("SQLite", ["SQLite"]),
        tests("Numerics", ["Numerics"]),
        tests("System", ["System"]),
        tests("HTTPServer", ["HTTPServer"]),
        tests("Roaring", ["Roaring"]),
        tests("Messages", ["Messages"], exclude: ["conformance"]),
        tests("Events", ["Events", "Messages"]),
        tests("Identity", ["Identity", "Events", "Messages"]),
        tests("Features", ["Features", "Events", "Messages"], exclude: ["reference"]),
        tests("Learning", ["Learning", "Numerics"], exclude: ["peers"]),
        tests(
            "Recommendation",
            ["ModelTraining", "Recommendation", "Learning", "Messages", "Numerics", "Runtime"]),
        tests("Profiles", ["Profiles", "Expressions", "Features", "Events", "Messages"]),
        tests(
            "Portrait",
            ["Portrait", "Profiles", "Risk", "Segments", "Expressions", "Features", "Messages"]),
        tests(
            "Risk",
            [
                "Risk", "RiskRules", "Profiles", "Expressions", "Features", "Learning", "Numerics",
                "Simulation", "Events", "Messages",
            ]),
        tests("Cleaning", ["Cleaning", "Events", "Messages", "Numerics"]),
        tests(
            "LiveAudiences",
            [
                "LiveAudiences", "Archive", "Audiences", "Portrait", "Profiles", "Risk", "Segments",
                "Expressions", "Runtime", "Storage", "Events", "Messages", "System", "Numerics",
                "Features", "SQLite",
            ]),
        tests(
            "Segments",
            [
                "Segments", "Profiles", "Expressions", "Features", "Learning", "Numerics",
                "Simulation", "Events", "Messages",
            ]),
        tests("Simulation", ["Simulation", "Events", "Messages"]),
        tests("Expressions", ["Expressions", "System"]),
        tests("Audiences", ["Audiences", "Expressions", "Roaring", "Messages"]),
        tests("Storage", ["Storage", "SQLite", "Messages", "System"]),
        tests(
            "Archive",
            ["Archive", "Runtime", "Storage", "SQLite", "Features", "Events", "Messages", "System"]),
        tests("Runtime", ["Runtime", "ZeroMQ", "Messages", "System"]),
        tests(
            "Supervision",
            [
                "Supervision", "Runtime", "Storage", "Messages", "ZeroMQ", "System", "HTTPServer",
            ]),
        tests(
            "CommandLine",
            ["CommandLine", "Runtime", "Events", "Messages", "Numerics", "System"]),
        tests(
            "Roles",
            [
                "Ingest", "FeaturePool", "Training", "Scoring", "Runtime", "Storage", "Events",
                "Features", "Messages", "ZeroMQ", "System", "Learning", "Recommendation",
                "Numerics", "Risk", "Segments", "SQLite", "Identity", "ModelTraining",
            ]),
        tests(
            "Fuzz",
            [
                "Archive", "Audiences", "Events", "Expressions", "Features", "Identity", "Ingest",
                "Learning", "Messages", "Numerics", "Portrait", "Profiles", "Recommendation",
                "Risk",
                "RiskRules", "Runtime", "Scoring", "Segments", "SQLite", "Storage", "Supervision",
                "System", "ModelTraining", "Training",
            ]),
        tests(
            "Chaos", ["Runtime", "Messages", "ZeroMQ", "System"], exclude: ["README.md"]),
        tests(
            "Cluster",
            ["Runtime", "Messages", "ZeroMQ", "System", "Storage", "SQLite", "Events"],
            exclude: ["python", "installed", "pages"]),
    ]
)
