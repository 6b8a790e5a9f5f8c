import Events
import Messages
import Runtime
import Storage
import System

/// Finds the record that kills ingest while it is examined, and refuses it when it comes again.
///
/// Nothing of it is in the log yet, so it is known by its batch and its place there: a producer
/// sends a batch again with the same number and contents. A batch without a number is known by the
/// hash of its bytes.
final class PoisonGuard {
    private let marker: CrashMarker
    /// So that nobody can make a batch that is taken for another's.
    private let key: HashKey
    private let poisonous: Set<CrashMarker.Place>
    private var batch: (UInt64, UInt64) = (0, 0)
    private static let role = RoleKind.ingest.rawValue

    init(_ environment: RoleEnvironment) throws {
        key = HashKey(environment.hashSecret.words)
        let folder = environment.folder.logFolder
        marker = try CrashMarker("\(folder)/ingest.mark")
        if let place = marker.found {
            let deaths = try DeathBook.note(Self.role, place, folder: folder)
            environment.log.error(
                "the process before died while it examined a record",
                [
                    "batch": "\(place.second)", "index": "\(place.step)", "deaths": "\(deaths)",
                    "refused": deaths >= DeathBook.deathsMax ? "yes" : "no",
                ])
        }
        poisonous = DeathBook(folder: folder).poisonous(Self.role)
    }

    /// Records of this batch are examined now.
    func enter(_ frame: Span<UInt8>, _ fields: BatchFields, _ body: Range<Int>) {
        let name = key.hash(frame, in: fields.producer.range)
        batch =
            fields.sequence == 0
            ? (name, key.hash(frame, in: body)) : (name ^ fields.epoch, fields.sequence)
        marker.enter(batch.0, batch.1)
    }

    /// One record is examined now; true if it must not be, because others died of it.
    @inline(__always)
    func begins(_ index: Int, _ frame: Span<UInt8>, _ range: Range<Int>) -> Bool {
        if !poisonous.isEmpty && isPoisonous(index) { return true }
        marker.at(UInt64(truncatingIfNeeded: index))
        #if DEBUG
            if Fault.poisonIngest.isOn, Fault.names(.poisonIngest, frame, range) {
                fatalError("poisoned by LIMN_FAULT")
            }
        #endif
        return false
    }

    private func isPoisonous(_ index: Int) -> Bool {
        poisonous.contains(
            CrashMarker.Place(first: batch.0, second: batch.1, step: UInt64(index)))
    }

    /// Nothing is being examined.
    func leave() { marker.leave() }

    static let refusal = Refusal(
        .recordPoisoned,
        "the record ended the process that examined it \(DeathBook.deathsMax) times; "
            + "please report it as a bug")
}
