import Features
import Messages
import Runtime
import Storage
import System

/// Finds the record that kills its worker, and keeps it out.
///
/// Before each record the worker notes in a shared page where it is. The next process of its index
/// reads what the last one left there. Two deaths at one record put the record into quarantine, as
/// soon as the fold comes to it again and its bytes are at hand.
final class PoisonWatch {
    private let marker: CrashMarker
    private let folder: String
    private let log: Log
    private var quarantine: Quarantine
    /// Records kept out by this process.
    private(set) var leftOut: UInt64 = 0
    private static let role = RoleKind.features.rawValue

    init(_ environment: RoleEnvironment) throws {
        folder = environment.folder.logFolder
        log = environment.log
        quarantine = try Quarantine(folder: folder)
        marker = try CrashMarker(
            "\(environment.folder.stateFolder)/features-\(environment.index).mark")
        guard let place = marker.found else { return }
        let deaths = try DeathBook.note(Self.role, place, folder: folder)
        log.error(
            "the process before died while it applied a record",
            [
                "partition": "\(place.first)", "offset": "\(place.step)", "deaths": "\(deaths)",
                "quarantined": deaths >= DeathBook.deathsMax ? "yes" : "no",
            ])
    }

    /// How many records there are in quarantine, of all workers.
    var quarantined: Int { quarantine.records.count }

    /// The offsets of a partition that are to be left out; read when the partition is taken over,
    /// since another worker may have died of them.
    func leftOut(of partition: Int) throws -> Set<UInt64> {
        quarantine = try Quarantine(folder: folder)
        let deadly = DeathBook(folder: folder).poisonous(Self.role)
            .filter { $0.first == UInt64(partition) }
        return quarantine.offsets(of: partition).union(deadly.map(\.step))
    }

    /// What stands beside the fold of a block.
    func fold(_ block: Block, leftOut: Set<UInt64>) -> FoldWatch {
        let partition = Int(block.partition)
        marker.enter(UInt64(partition))
        let poison = Fault.poison.isOn ? Fault.poisonedOffset(block) : nil
        return FoldWatch(
            leftOut: leftOut,
            begins: { [marker] offset in
                marker.at(offset)
                if offset == poison { fatalError("poisoned by LIMN_FAULT") }
            },
            leaves: { [self] offset, record in
                try keepOut(partition, offset, record)
            })
    }

    /// Nothing is being folded.
    func rest() { marker.leave() }

    private func keepOut(_ partition: Int, _ offset: UInt64, _ record: [UInt8]) throws {
        leftOut += 1
        let isNew = !quarantine.offsets(of: partition).contains(offset)
        guard isNew else { return }
        try quarantine.add(
            QuarantinedRecord(
                partition: partition, offset: offset, atMs: Clock.wallMs(),
                reason: "ended the worker that applied it \(DeathBook.deathsMax) times",
                record: record))
        log.error(
            "record quarantined; see: limn rejects list --quarantined",
            ["partition": "\(partition)", "offset": "\(offset)"])
    }
}
