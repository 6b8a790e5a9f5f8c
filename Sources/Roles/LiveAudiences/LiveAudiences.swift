import Archive
package import Audiences
import Events
import Expressions
import Features
import Identity
import Messages
package import Portrait
import Profiles
import Roaring
package import Runtime
package import Storage
import System
package import ZeroMQ

/// An index of the users of a folder that follows a running cluster: it hears whose state has
/// changed, and reads these users' committed states again until the change must be among them. A
/// person of several identifiers is one user, who goes by the person's name.
///
/// Everything is done in steps of a given length, so that whoever holds it can go on with other
/// work.
package final class LiveAudiences {
    /// After a change was heard a state is read again then; workers commit within five seconds.
    private static let readAfter: [Duration] = [
        .milliseconds(300), .milliseconds(1500), .seconds(6),
    ]
    /// Users whose windows are told again with each step, in a circle over all.
    private static let sweepUsers = 200
    private static let scanUsers = 256
    private static let restoreMembers = 1000
    private static let linksEvery: Duration = .milliseconds(200)
    /// Windows are exact to the hour.
    private static let bucketMs: Int64 = 3_600_000

    /// A partition that could not be read is tried again after this.
    private static let retryAfter: Duration = .seconds(1)

    private struct Scan {
        /// Partitions still to be read, the one under way first.
        var left = Array(0..<Partitions.users)
        var after: UInt64?
        /// What windows were counted from when it began.
        var nowMs: Int64
    }

    package private(set) var index: AudienceIndex
    /// The shop's time, at which windows end.
    package private(set) var nowMs: Int64 = 0
    /// All users were read once since the start, windows counted from where they end.
    package private(set) var hasReadAll = false
    /// All users were read, and can be read at present.
    package var isComplete: Bool { hasReadAll && unreadable.isEmpty }
    /// Partitions that cannot be read at present, and why: whoever is of them stays as he was.
    package private(set) var unreadable: [Int: String] = [:]
    private var retryAt: Duration = .zero
    /// Users whose change may still be on its way to the disk.
    package var pendingCount: Int { pending.count + relinked.count }
    private var pending: PendingUsers
    /// Who was in which audience when somebody kept them last; nil where all of it was taken over.
    private var earlier: SQLiteMemberships?
    private var restored: SQLiteMemberships.Member?
    private var moves: [MembershipChange] = []
    private let links: LinkReader
    private var linksAt: Duration = .zero
    private var timeAt: Duration = .zero
    /// Partitions in which an earlier version wrote last.
    private var untimed: Set<Int> = []
    /// Before all links were read once, nobody knows who is one user.
    private var areLinksKnown = false
    /// Identifiers of persons whom a link has made or parted since.
    private var relinked: [String] = []

    /// How many users each tag has, in the order of the tags.
    package var counts: [(tag: String, users: Int)] {
        zip(index.tags.tags, index.members).map { ($0.definition.name, $1.count) }
    }

    private let folder: DataFolder
    private let files: StateFiles
    /// Of the folder; read with the first state.
    private var keys: UserKeys?
    private let reader: SlotReader
    /// Draws users for the conditions; a change of it makes every user be read again.
    package var portrait: Portrait { didSet { scan = Scan(nowMs: nowMs) } }
    private var stores: [Int: (file: FileIdentity?, store: SQLitePartitionStore)] = [:]
    private var sequences: [UInt64: UInt64] = [:]
    private var scan: Scan?
    /// When all states are read again, because an announcement was missed, and the last time that
    /// one was.
    private var scanAt: Duration?
    private var missedAt: Duration = .zero

    /// With `earlier` the first moves are those since then, and not everybody's joining.
    package init(
        _ folder: DataFolder, _ portrait: Portrait, since earlier: SQLiteMemberships? = nil
    ) {
        self.earlier = earlier
        self.folder = folder
        files = StateFiles(folder)
        links = LinkReader(folder)
        self.portrait = portrait
        index = AudienceIndex(slots: [], textSlots: [], tags: portrait.tags.set)
        reader = SlotReader(slots: index.slots, textSlots: index.textSlots)
        pending = PendingUsers(readAfter: Self.readAfter)
        // Whoever had a tag because time had passed has it still.
        nowMs = earlier?.asOfMs ?? 0
        scan = Scan(nowMs: nowMs)
    }

    /// Takes note of what workers announced to a subscriber. Hear first and step then, so that
    /// nothing lies between.
    package func hear(_ changes: borrowing Socket) throws {
        let now = Clock.monotonic()
        for _ in 0..<Limits.receivesPerTurn {
            guard let message = try changes.receive() else { return }
            let (header, body) = try Frame.decode(message.bytes)
            guard header.kind == .profilesChanged else { continue }
            try hear(
                Frame.decode(
                    ProfilesChanged.self, message.bytes, body: body, header: header), at: now)
        }
    }

    private func hear(_ change: ProfilesChanged, at now: Duration) throws {
        // What a worker told before anybody listened is not known either.
        if sequences[change.incarnation].map({ $0 &+ 1 }) != change.sequence { missed(at: now) }
        sequences[change.incarnation] = change.sequence
        guard try change.userHashes.isEmpty || change.keyCheck == userKeys().check else {
            return missed(at: now)
        }
        for hash in change.userHashes { pending.note(hash, at: now) }
    }

    /// Something was not heard: all users are read again, once what it was about is committed.
    /// Whatever is missed meanwhile does not put that off, and makes them be read once more.
    package func missed(at now: Duration) {
        missedAt = now
        if scanAt == nil { scanAt = now + Self.settled }
    }

    private static let settled = readAfter.last ?? .zero

    /// Works until the time given; hands on who joined and who left. What was found before an error
    /// is handed on by the next step.
    package func step(until end: Duration) throws -> [MembershipChange] {
        try work(until: end)
        defer { moves = [] }
        return moves
    }

    private func work(until end: Duration) throws {
        let now = Clock.monotonic()
        if let at = scanAt, now >= at, scan == nil {
            scanAt = missedAt + Self.settled > now ? missedAt + Self.settled : nil
            scan = Scan(nowMs: nowMs)
        }
        try readTime(at: now)
        if scan == nil, !unreadable.isEmpty, now >= retryAt {
            scan = Scan(left: unreadable.keys.sorted(), nowMs: nowMs)
        }
        if now >= linksAt { try readLinks(until: end) }
        guard areLinksKnown, try restore(until: end) else { return }
        while Clock.monotonic() < end, let id = relinked.popLast() {
            try attempt { try refresh(id) }
        }
        while Clock.monotonic() < end, let hash = pending.next(at: now) {
            try attempt { try read(hash) }
        }
        while scan != nil, Clock.monotonic() < end { try readMore() }
        guard scan == nil else { return }
        for userID in index.sweep(Self.sweepUsers) where Clock.monotonic() < end {
            try attempt { try refresh(userID) }
        }
    }

    /// States that could not be read.
    private struct Unreadable: Error {
        var partition: Int
        var why: String
    }

    /// Goes on where states cannot be read: what is known of their users stays, and the partition
    /// is read again as a whole once it can be.
    private func attempt(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as Unreadable {
            note(error)
        }
    }

    private func note(_ error: Unreadable) {
        stores[error.partition] = nil
        unreadable[error.partition] = error.why
        retryAt = Clock.monotonic() + Self.retryAfter
    }

    /// Runs the body with a partition's states; whatever it throws makes them unreadable.
    private func reading<Value>(
        _ partition: Int, _ body: (SQLitePartitionStore?) throws -> Value
    ) throws -> Value {
        do {
            return try body(try store(partition))
        } catch {
            throw Unreadable(partition: partition, why: ArchiveFailure(error).description)
        }
    }

    /// Takes over who was in the audiences before; true once that is done.
    private func restore(until end: Duration) throws -> Bool {
        while let earlier, Clock.monotonic() < end {
            let members = try earlier.read(after: restored, limit: Self.restoreMembers)
            for member in members { index.restore(member.userID, tag: member.tag) }
            restored = members.last
            if members.isEmpty { self.earlier = nil }
        }
        return earlier == nil
    }

    private func readLinks(until end: Duration) throws {
        while try links.readMore({ if areLinksKnown { relinked += $0 } }) {
            // The rest in the next step.
            if Clock.monotonic() >= end { return }
        }
        areLinksKnown = true
        linksAt = Clock.monotonic() + Self.linksEvery
    }

    /// How far the shop's time has come, as committed.
    private func readTime(at now: Duration) throws {
        guard now >= timeAt else { return }
        for partition in 0..<Partitions.users {
            try attempt { try reading(partition, readTime) }
        }
        timeAt = now + Self.linksEvery
    }

    private func readTime(_ store: SQLitePartitionStore?) throws {
        guard let store else { return }
        let totals = try store.totals()
        // Where an earlier version wrote last, all states are read for it, once.
        if totals.isEmpty, !untimed.insert(store.partition).inserted { return }
        nowMs = max(nowMs, try store.newestMs())
    }

    /// Nil before the first user. A worker may have put another file in the place of a damaged one.
    private func store(_ partition: Int) throws -> SQLitePartitionStore? {
        let file = Files.identity(files.path(partition))
        if let open = stores[partition], file != nil, open.file == file { return open.store }
        stores[partition] = nil
        guard let store = try files.open(partition) else { return nil }
        stores[partition] = (file, store)
        return store
    }

    /// Goes on with the walk over all users.
    private func readMore() throws {
        guard var scan else { return }
        if let partition = scan.left.first {
            try attempt {
                let after = scan.after
                scan.after = nil
                var states: [UserState] = []
                scan.after = try reading(partition) { store in
                    try store?.readUsers(after: after, limit: Self.scanUsers) { _, bytes in
                        states.append(try UserState(decoding: bytes))
                    }
                }
                for state in states { try attempt { try take(state) } }
                if scan.after == nil { unreadable[partition] = nil }
            }
            if scan.after == nil { scan.left.removeFirst() }
        }
        guard scan.left.isEmpty else {
            self.scan = scan
            return
        }
        // Whoever was read before the newest event was known is read again.
        let isSettled = nowMs - scan.nowMs <= Self.bucketMs
        self.scan = isSettled ? nil : Scan(nowMs: nowMs)
        guard isSettled else { return }
        hasReadAll = hasReadAll || unreadable.isEmpty
        moves += index.removeUnconfirmed { [unreadable, graph = links.graph] userID in
            unreadable.isEmpty
                || !graph.identifiers(of: userID).contains {
                    unreadable[Partitions.partition(ofUser: $0)] != nil
                }
        }
    }

    /// Every user of a bucket that a worker announced.
    private func read(_ bucket: UInt64) throws {
        let states = try reading(Partitions.partition(ofHash: bucket)) {
            try $0?.states(inBucket: bucket) ?? []
        }
        for state in states { try take(state) }
    }

    private func userKeys() throws -> UserKeys {
        let known = try keys ?? folder.userKeys()
        keys = known
        return known
    }

    private func state(of userID: String) throws -> UserState? {
        let state = try reading(Partitions.partition(ofUser: userID)) {
            try $0?.state(of: userID, userKeys())
        }
        return state?.events ?? 0 > 0 ? state : nil
    }

    /// Reads again what an identifier, or whoever it is of, is in the index for.
    private func refresh(_ userID: String) throws {
        guard links.graph.isAlone(userID) else { return try takePerson(of: userID) }
        put(userID, try state(of: userID))
    }

    private func take(_ state: UserState) throws {
        guard state.events > 0 else { return }
        guard links.graph.isAlone(state.userID) else { return try takePerson(of: state.userID) }
        put(state.userID, state)
    }

    /// One entry for all identifiers.
    private func takePerson(of id: String) throws {
        let identifiers = links.graph.identifiers(of: id)
        let states = try identifiers.compactMap { try state(of: $0) }
        for other in identifiers.dropFirst() { moves += index.remove(other) }
        put(identifiers[0], .person(identifiers[0], of: states))
    }

    /// The user as of now; nil is no more.
    private func put(_ userID: String, _ state: UserState?) {
        guard let state else {
            moves += index.remove(userID)
            return
        }
        let view = portrait.view(state, nowMs: nowMs)
        moves += index.update(
            userID, numbers: reader.numbers(of: view), texts: reader.texts(of: view), nowMs: nowMs)
    }
}
