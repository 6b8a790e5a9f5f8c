import Events
import Features
import Identity
import Messages
import System

/// Users' states: those that are committed in a data folder, or folded in memory from files.
struct StateSource {
    /// Said where there is none.
    static let nobody = "no user yet; send events with: limn import or limn simulate"

    private enum Origin {
        case folder(StateScan)
        case files(FileFolding)
    }

    private let origin: Origin

    init(_ invocation: Invocation) throws {
        guard !invocation.operands.isEmpty else {
            origin = .folder(try StateScan(invocation))
            return
        }
        var folding = FileFolding()
        try folding.read(invocation)
        origin = .files(folding)
    }

    /// The shop's time, at which windows end.
    func newestMs() throws -> Int64 {
        switch origin {
        case .files(let folding): folding.folds.map(\.newestMs).max() ?? 0
        case .folder(let scan): try scan.newestMs()
        }
    }

    /// Who is who.
    func graph() throws -> IdentityGraph {
        switch origin {
        case .files(let folding): folding.graph
        case .folder(let scan): try scan.graph()
        }
    }

    /// What is known of identifiers, as known of whom they are; `both` decides where two of a
    /// person differ.
    func byPerson<Value>(
        _ known: [String: Value], _ both: (Value, Value) -> Value
    ) throws -> [String: Value] {
        let graph = try graph()
        return known.sorted { $0.key < $1.key }.reduce(into: [:]) { persons, entry in
            let name = graph.person(of: entry.key)
            persons[name] = persons[name].map { both($0, entry.value) } ?? entry.value
        }
    }

    /// Lends every user with an event; a person of several identifiers is one.
    func forEach(_ body: (UserState) throws -> Void) throws {
        switch origin {
        case .files(let folding): try folding.forEach(body)
        case .folder(let scan): try scan.forEach(body)
        }
    }
}

/// Folds the records of files as the cluster would, stamps included.
private struct FileFolding {
    private(set) var folds = (0..<Partitions.users).map {
        PartitionFold(
            partition: $0, appliedOffset: 0, storeIsEmpty: true, parameters: .standard,
            keys: UserKeys(Self.key))
    }
    private var items = ItemDirectory(key: Self.key)
    // Nothing is kept of it: files may be of strangers too.
    private static let key = HashKey((Entropy.uint64(), Entropy.uint64()))
    private(set) var graph = IdentityGraph()
    private var changed: [UInt64] = []

    func forEach(_ body: (UserState) throws -> Void) throws {
        var persons = PersonStates(graph)
        for fold in folds {
            for state in fold.table.states where state.events > 0 {
                if let state = persons.take(state) { try body(state) }
            }
        }
        try persons.forEachJoined(body)
    }

    mutating func read(_ invocation: Invocation) throws {
        var bar = ProgressBar("fold", terminal: invocation.terminal)
        var errors = RowErrorReport()
        let limit = try invocation.number("limit", default: .max, in: 1...Int.max)
        for path in invocation.operands {
            var reader = try RecordReader(path, mappingName: invocation.text("mapping") ?? "auto")
            defer { reader.close() }
            while reader.rows < limit, let row = try reader.next() {
                switch row {
                case .failed(let error): errors.add(error)
                case .record(let record): try fold(record)
                }
                if reader.rows & 0xFFF == 0 {
                    bar.update(reader.rows, unit: "rows", share: reader.share)
                }
            }
        }
        bar.finish()
        if !invocation.wantsJSON { errors.lines().forEach { invocation.terminal.print($0) } }
    }

    private mutating func fold(_ record: Record) throws {
        var record = record
        let userID: String
        switch record.content {
        case .event(let event):
            userID = event.userID
            let id = Array(event.itemID.utf8)
            record.stamp = stamp(items.entry(id.span, 0..<id.count))
        case .user(let user): userID = user.userID
        case .item(let item):
            items.put(item)
            return
        case .link(let link):
            if LinkRules().refusal(of: link, in: graph) == nil { graph.apply(link) }
            return
        case nil: return
        }
        let partition = Partitions.partition(ofUser: userID)
        var bytes: [UInt8] = []
        bytes.appendDelimited { record.encode(into: &$0) }
        try folds[partition].fold(
            bytes.span, firstOffset: folds[partition].appliedOffset, changed: &changed,
            load: { _ in nil })
        folds[partition].dropOutbox()
        changed.removeAll(keepingCapacity: true)
    }

    private func stamp(_ entry: ItemDirectory.Entry?) -> Stamp {
        var stamp = Stamp()
        guard let entry else { return stamp }
        stamp.category = String(decoding: entry.category, as: UTF8.self)
        stamp.brand = String(decoding: entry.brand, as: UTF8.self)
        stamp.price = entry.price
        return stamp
    }
}
