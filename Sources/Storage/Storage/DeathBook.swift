package import System

/// How often a process died at the same place: a small text file that outlives processes.
///
/// One death says nothing, since whoever kills from outside hits some record. A second one at
/// exactly the same record does: a worker is at one record for microseconds, and once it has got
/// past it is never there again. So two hits by chance need two kills within the same few
/// microseconds of work that was done twice.
package struct DeathBook {
    /// From this many deaths on a place is poisonous.
    package static let deathsMax = 2
    /// Places kept; the oldest go.
    package static let placesMax = 256

    private var lines: [(role: String, place: CrashMarker.Place, deaths: Int)] = []

    /// Reads the book of a folder; one that is not there is empty.
    package init(folder: String) {
        let text = (try? Files.readText(Self.path(folder), bytesMax: 1 << 20)) ?? ""
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count == 5, let first = UInt64(words[1]), let second = UInt64(words[2]),
                let step = UInt64(words[3]), let deaths = Int(words[4]),
                (0...1_000_000).contains(deaths)
            else { continue }
            let place = CrashMarker.Place(first: first, second: second, step: step)
            lines.append((String(words[0]), place, deaths))
        }
    }

    private static func path(_ folder: String) -> String { "\(folder)/deaths.txt" }

    /// Counts a death, durably, and says how many there were at this place. Several processes may
    /// do so.
    package static func note(
        _ role: String, _ place: CrashMarker.Place, folder: String
    ) throws(StorageError) -> Int {
        let lock = try SmallFileLock.take("\(folder)/deaths.lock")
        var book = DeathBook(folder: folder)
        let deaths = book.add(role, place)
        let text = book.lines.map {
            "\($0.role) \($0.place.first) \($0.place.second) \($0.place.step) \($0.deaths)\n"
        }
        do throws(SystemError) {
            try Files.writeAtomically(path(folder), Array(text.joined().utf8), mode: 0o600)
        } catch {
            throw error.isDiskFull ? .diskFull("\(error)") : .io("\(error)")
        }
        _ = consume lock
        return deaths
    }

    private mutating func add(_ role: String, _ place: CrashMarker.Place) -> Int {
        let known = lines.firstIndex { $0.role == role && $0.place == place }
        let deaths = (known.map { lines[$0].deaths } ?? 0) + 1
        if let known { lines.remove(at: known) }
        lines.append((role, place, deaths))
        if lines.count > Self.placesMax { lines.removeFirst(lines.count - Self.placesMax) }
        return deaths
    }

    /// Places of a role that are poisonous.
    package func poisonous(_ role: String) -> Set<CrashMarker.Place> {
        Set(lines.filter { $0.role == role && $0.deaths >= Self.deathsMax }.map(\.place))
    }
}
