import Learning
import Profiles
import Runtime
import Segments

extension CommandLineTool {
    static let segmentsCommand = Command(
        "segments", "who is alike: life cycle, fifths of buyers, clusters; fit and judge them",
        operands: "[fit | show NAME | evaluate | table FILE] [FILE...]", count: 0...17,
        options: [
            Option("method", value: "kmeans|mixture", "fit, table: how (default kmeans)"),
            Option("clusters", value: "NUMBER", "fit, table: so many (default: by evidence)"),
            Option("seed", value: "NUMBER", "fit, table: another beginning (default 1)"),
            Option("fresh", "fit: forget the clusters of before, with their names"),
            Option("count", short: "n", value: "NUMBER", "show: how many users (default 10)"),
            Option("csv", value: "FILE", "write every user's (or row's) segments to this file"),
            Option("truth", value: "FILE", "evaluate: a CSV of user and group"),
            Option("column", value: "NAME", "evaluate: the column of the group (default: taste)"),
            Option("columns", value: "A,B,…", "table: only these columns"),
            Option("model", value: "FILE", "another than models/segments.safetensors"),
            Option("mapping", value: "NAME|FILE", "how columns become fields (default: auto)"),
            Option("limit", value: "ROWS", "read only so many rows of each file"),
        ],
        example: "limn segments fit",
        details: """
            The stage of the life cycle follows from a user's own rhythm. Fifths (RFM) and clusters
            are learnt by limn segments fit: of behaviour by statistics, of taste by the categories
            a user likes; the number of clusters is the one with the best silhouette (k-means) or
            BIC (mixture). A cluster keeps its number and name from fit to fit while it keeps most
            of its users. Reads the committed states beside the running cluster; with files it folds
            these in memory. Scoring takes a new model into use by itself; segment.stage,
            segment.rfm, segment.taste and segment.behaviour can be asked for in tags and audiences.
            limn segments table FILE clusters a table of numbers.
            """
    ) { invocation in
        var rest = invocation
        guard let action = invocation.operands.first,
            ["fit", "show", "evaluate", "table"].contains(action)
        else { return try listSegments(invocation) }
        rest.operands.removeFirst()
        switch action {
        case "fit": return try fitSegments(rest)
        case "show": return try showSegment(rest)
        case "evaluate": return try evaluateSegments(rest)
        default: return try clusterTable(rest)
        }
    }

    static func method(_ invocation: Invocation) throws -> Clustering.Method {
        let name = invocation.text("method") ?? Clustering.Method.kmeans.rawValue
        guard let method = Clustering.Method(rawValue: name) else {
            throw CommandFailure(.usage, "--method is kmeans or mixture, not \(name)")
        }
        return method
    }

    static func clusters(_ invocation: Invocation) throws -> Int? {
        guard let text = invocation.text("clusters"), text != "auto" else { return nil }
        return try invocation.number("clusters", default: 8, in: 2...100)
    }
}

/// What a question about the segments of all users needs.
struct SegmentSetup {
    let source: StateSource
    let models: FolderSegments
    /// The newest event of all users: where windows end.
    let nowMs: Int64

    init(_ invocation: Invocation) throws {
        source = try StateSource(invocation)
        nowMs = try source.newestMs()
        models = FolderSegments(
            try DataFolder(invocation.folder), file: invocation.text("model"))
    }

    func forEachView(_ body: (UserView) throws -> Void) throws {
        try source.forEach { try body(UserView($0, nowMs: nowMs)) }
    }
}
