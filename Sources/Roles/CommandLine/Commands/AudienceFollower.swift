import Audiences
import Events
import Expressions
import Features
import Messages
import Portrait
import Profiles
import Roaring
import Runtime
import Storage
import System
import ZeroMQ

/// Keeps an index in step with a running cluster: hears from the feature workers whose state has
/// changed, and reads these users' states again until the change is committed.
final class AudienceFollower {
    /// Users whose windows are told again with each step, in a circle over all.
    private static let sweepUsers = 200
    /// Workers commit within five seconds, however much comes in.
    private static let patience: Duration = .seconds(6)
    private static let prefix = "audience:"

    private let changes: Socket
    private let scan: StateScan
    private let reader: SlotReader
    private let viewer: Portrait
    private(set) var index: AudienceIndex
    private(set) var nowMs: Int64
    private var connected: Set<String> = []
    private var stores: [Int: SQLitePartitionStore] = [:]
    /// By hash of the id, until when the change may still be on its way to the disk.
    private var pending: [UInt64: Duration] = [:]
    private var sequences: [UInt64: UInt64] = [:]
    /// When all states are read again, because an announcement was missed.
    private var scanAt: Duration?

    /// Hears first and reads then, so that nothing lies between.
    init(_ texts: [String], _ scan: StateScan) throws {
        changes = try Socket(
            .subscriber, in: Context(), security: scan.operatorKeys().connecting)
        try changes.subscribe()
        self.scan = scan
        let tags = try scan.tags(
            adding: texts.enumerated().map { place, text in
                TagDefinition("\(Self.prefix)\(place)", condition: text)
            })
        index = AudienceIndex(slots: [], textSlots: [], tags: tags.set)
        reader = SlotReader(slots: index.slots, textSlots: index.textSlots)
        viewer = try scan.viewer()
        nowMs = try scan.newestMs()
        try connect()
        _ = try readAll()
    }

    /// Workers come and go with the load.
    private func connect() throws {
        for endpoint in try scan.changeEndpoints() where connected.insert(endpoint).inserted {
            try changes.connect(endpoint)
        }
    }

    /// How many users the audience at a place has.
    func count(_ place: Int) -> Int {
        index.tags.tags.firstIndex { $0.definition.name == "\(Self.prefix)\(place)" }
            .map { index.members[$0].count } ?? 0
    }

    /// Who joined and who left which audience, by its place, within the time given.
    func step(
        within time: Duration
    ) throws -> [(audience: Int, userID: String, hasJoined: Bool)] {
        try connect()
        _ = changes.waitReadable(milliseconds: Int(time / .milliseconds(1)))
        try hear()
        var found: [MembershipChange] = []
        let now = Clock.monotonic()
        if let at = scanAt, now >= at {
            scanAt = nil
            found += try readAll()
        }
        for (hash, until) in pending {
            found += try read(hash)
            if now >= until { pending[hash] = nil }
        }
        for userID in index.sweep(Self.sweepUsers) { found += try read(XXH64.hash(userID)) }
        return found.compactMap { change in
            guard change.tag.hasPrefix(Self.prefix),
                let place = Int(change.tag.dropFirst(Self.prefix.count))
            else { return nil }
            return (place, change.userID, change.hasJoined)
        }
    }

    private func hear() throws {
        let now = Clock.monotonic()
        while let message = try changes.receive() {
            let (header, body) = try Frame.decode(message.bytes)
            guard header.kind == .profilesChanged else { continue }
            let change = try Frame.decode(
                ProfilesChanged.self, message.bytes, body: body, header: header)
            if sequences[change.incarnation].map({ $0 + 1 }) != change.sequence {
                scanAt = now + Self.patience
            }
            sequences[change.incarnation] = change.sequence
            for hash in change.userHashes { pending[hash] = now + Self.patience }
        }
    }

    private func readAll() throws -> [MembershipChange] {
        var found: [MembershipChange] = []
        try scan.forEach { found += take($0) }
        return found
    }

    /// Every user whose id has the hash: ids that share one lie under the next keys.
    private func read(_ hash: UInt64) throws -> [MembershipChange] {
        let partition = Partitions.partition(ofHash: hash)
        if stores[partition] == nil { stores[partition] = scan.store(partition) }
        var found: [MembershipChange] = []
        var key = hash
        while let bytes = try stores[partition]?.loadUser(key) {
            found += take(try UserState(decoding: bytes.span))
            key &+= 1
        }
        return found
    }

    private func take(_ state: UserState) -> [MembershipChange] {
        guard state.events > 0 else { return [] }
        nowMs = max(nowMs, state.lastSeenMs)
        let view = viewer.view(state, nowMs: nowMs)
        return index.update(
            state.userID, numbers: reader.numbers(of: view), texts: reader.texts(of: view),
            nowMs: nowMs)
    }
}

extension CommandLineTool {
    /// Prints who joins and leaves, until the time is over; 0 = until Ctrl-C.
    static func followAudiences(_ scan: StateScan, _ invocation: Invocation) throws -> ExitCode {
        let texts = invocation.operands
        let seconds = try invocation.number("seconds", default: 0, in: 0...1_000_000)
        let follower = try AudienceFollower(texts, scan)
        let terminal = invocation.terminal
        for (place, text) in texts.enumerated() {
            let users = follower.count(place)
            terminal.print(
                invocation.wantsJSON
                    ? JSONValue.object([
                        ("audience", .string(text)), ("users", .integer(Int64(users))),
                    ]).rendered()
                    : "\(Format.count(users)) users: \(text)")
        }
        let end = Clock.monotonic() + .seconds(seconds)
        while seconds == 0 || Clock.monotonic() < end {
            for change in try follower.step(within: .milliseconds(250)) {
                terminal.print(
                    invocation.wantsJSON
                        ? JSONValue.object([
                            ("audience", .string(texts[change.audience])),
                            ("user_id", .string(change.userID)),
                            ("joined", .bool(change.hasJoined)),
                            ("users", .integer(Int64(follower.count(change.audience)))),
                        ]).rendered()
                        : "\(change.hasJoined ? "+" : "-") \(change.userID)  "
                            + texts[change.audience])
            }
        }
        return .success
    }
}
