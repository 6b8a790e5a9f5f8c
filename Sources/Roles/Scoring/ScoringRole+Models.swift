import Events
import Foundation
import Identity
import Messages
import Recommendation
import Runtime
import System
import ZeroMQ

/// Keeping models and catalogue up to date.
extension ScoringRole {
    /// Before the first question, so on the loop.
    func loadAtStart() {
        let folder = environment.folder.modelsFolder
        guard let bytes = try? Files.read("\(folder)/current.json") else { return }
        do {
            announced = try ManifestList.decode(bytes)
        } catch {
            counts.modelsRefused += 1
            environment.log.error("current.json not readable", ["error": "\(error)"])
            return
        }
        var shelf = shelf
        let failures = shelf.load(shelf.wanted(announced), folder: folder)
        let asOfMs = shelf.newestDataMs
        let made = shelf.lay(
            over: models.catalogue, pipeline, generation: models.generation + 1, asOfMs: asOfMs)
        install(shelf, made, failures)
    }

    func hearModels() {
        do {
            for _ in 0..<Limits.receivesPerTurn {
                guard let message = try announcements?.receive() else { break }
                let (header, body) = try Frame.decode(message.bytes)
                guard header.kind == .models else { continue }
                announced =
                    try Frame.decode(Models.self, message.bytes, body: body, header: header)
                    .models
            }
        } catch {
            counts.failures += 1
            environment.log.warning("announcement not readable", ["error": "\(error)"])
        }
        loadWanted()
    }

    /// Starts loading, off the loop, what is announced and not here.
    func loadWanted() {
        let wanted = shelf.wanted(announced)
        guard !wanted.isEmpty, !isLoading else { return }
        isLoading = true
        entriesMeanwhile = []
        let folder = environment.folder.modelsFolder
        let generation = models.generation + 1
        let (shelf, catalogue, pipeline) = (shelf, models.catalogue, pipeline)
        let seenMs = newestMs
        let thread = Thread { [weak self] in
            var next = shelf
            let failures = next.load(wanted, folder: folder)
            let made = next.lay(
                over: catalogue, pipeline, generation: generation,
                asOfMs: max(seenMs, next.newestDataMs))
            let result = next
            Task { await self?.loaded(result, made, failures) }
        }
        thread.stackSize = 16 << 20
        thread.start()
    }

    private func loaded(_ shelf: ModelShelf, _ made: ModelSet, _ failures: [String]) {
        isLoading = false
        install(shelf, made, failures)
        for entry in entriesMeanwhile { models.upsert(entry) }
        entriesMeanwhile = []
    }

    private func install(_ next: ModelShelf, _ made: ModelSet, _ failures: [String]) {
        let changed = next.loaded.values.filter { shelf.loaded[$0.name] != $0 }
        shelf = next
        models = made
        newestMs = max(newestMs, next.newestDataMs)
        for failure in failures {
            counts.modelsRefused += 1
            environment.log.error("model refused; the last good one stays", ["why": failure])
        }
        for model in changed {
            environment.log.info(
                "model in use", ["name": model.name, "version": "\(model.version)"])
        }
    }

    func pullItems() {
        do {
            for _ in 0..<4 {
                guard let fetched = try items?.receive(at: Clock.monotonic()) else { return }
                if itemOffset > fetched.ends.first?.offset ?? .max {
                    try readCatalogueAnew()
                    return
                }
                for block in fetched.blocks { try take(block) }
                noteEnd(fetched)
            }
        } catch {
            counts.failures += 1
            environment.log.warning("items not read", ["error": "\(error)"])
            // What came with a record that cannot be read is asked for again, without it.
            var position = Position()
            position.partition = UInt32(Partitions.catalogue)
            position.offset = itemOffset
            items?.restart(from: [position])
        }
    }

    /// Everything up to the end that the first answer told has been read.
    private func noteEnd(_ fetched: Fetched) {
        guard !areLinksKnown else { return }
        let catalogue = UInt32(Partitions.catalogue)
        linksEnd = linksEnd ?? fetched.ends.first { $0.partition == catalogue }?.offset
        guard let linksEnd, let offset = items?.offsets[catalogue], offset >= linksEnd else {
            return
        }
        noteLinksKnown()
    }

    private func take(_ block: Block) throws {
        var offset = block.firstOffset
        let bytes = block.records.span
        var reader = WireReader(bytes)
        for _ in 0..<block.count {
            let range = try reader.delimited()
            defer { offset += 1 }
            guard offset >= itemOffset else { continue }
            itemOffset = offset + 1
            let record = try Record(decoding: bytes.extracting(range))
            take(record)
        }
    }

    /// The next record of the catalogue.
    func take(_ record: Record) {
        switch record.content {
        case .link(let link): graph.apply(link)
        case .item(let item):
            let entry = CatalogueEntry(item)
            newestMs = max(
                newestMs,
                ShopTime.moved(by: item.timeMs, receivedMs: record.stamp?.receivedMs ?? 0))
            models.upsert(entry)
            if isLoading { entriesMeanwhile.append(entry) }
        default: break
        }
    }
}
