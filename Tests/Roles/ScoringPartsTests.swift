import Events
import Foundation
import Learning
import Messages
import ModelTraining
import Numerics
import Randomness
import Recommendation
import System
import Testing
import ZeroMQ

@testable import Scoring

@Suite("The parts of scoring: cache, followers, parked questions, shelf")
struct ScoringPartsTests {
    private func profile(_ userID: String, partition: Int = 0) -> HeldProfile {
        HeldProfile(userID: userID, partition: partition, state: nil, pulledAt: .zero)
    }

    @Test(
        "The cache keeps what was used last and never more than its limit",
        arguments: 1...5 as ClosedRange<Int>)
    func cache(limit: Int) {
        var cache = ProfileCache(limit: limit)
        var random = SeededRandom(seed: UInt64(limit))
        var used: [UInt64] = []
        for _ in 0..<500 {
            let hash = UInt64(random.index(below: 8))
            let isHeld = used.suffix(limit).contains(hash)
            #expect((cache.find(hash, "u\(hash)") != nil) == isHeld, "limit=\(limit)")
            if !isHeld { cache.store(hash, profile("u\(hash)")) }
            used.removeAll { $0 == hash }
            used.append(hash)
            #expect(cache.count <= limit)
        }
        #expect(cache.find(used[used.count - 1], "somebody else") == nil)
    }

    @Test("A change makes one profile stale, a loss all of the partitions it touches")
    func stale() throws {
        var cache = ProfileCache(limit: 10)
        for user in 0..<4 { cache.store(UInt64(user), profile("u\(user)", partition: user % 2)) }
        func staleUsers() -> [Int] {
            (0..<4).filter { user in
                cache.find(UInt64(user), "u\(user)").map { cache[$0].isStale } ?? false
            }
        }
        cache.invalidate(2)
        #expect(staleUsers() == [2])
        cache.invalidate { $0 == 1 }
        #expect(staleUsers() == [1, 2, 3])
    }

    @Test("Numbers in a row are trusted; a gap, a repetition or a new incarnation is not")
    func follower() {
        var follower = ChangeFollower()
        #expect(follower.isSilent(at: .zero))
        #expect(follower.hear(incarnation: 1, sequence: 5, at: .zero) == .forget)
        #expect(follower.hear(incarnation: 1, sequence: 6, at: .seconds(1)) == .none)
        #expect(follower.hear(incarnation: 1, sequence: 8, at: .seconds(2)) == .forget)
        #expect(follower.hear(incarnation: 1, sequence: 8, at: .seconds(2)) == .forget)
        #expect(follower.hear(incarnation: 2, sequence: 9, at: .seconds(2)) == .forget)
        #expect(follower.hear(incarnation: 2, sequence: 10, at: .seconds(2)) == .none)
        #expect(!follower.isSilent(at: .seconds(5)))
        #expect(follower.isSilent(at: .seconds(6)))
    }

    private func pending(
        _ number: Int, hash: UInt64, key: String = "", until: Duration = .seconds(1)
    ) -> Pending {
        Pending(
            routing: RoutingID([1]), key: key,
            header: Header(kind: .profileRequest, requestID: UInt64(number)), userID: "u",
            hash: hash, question: .profile, receivedAt: .zero, answerBy: until)
    }

    /// A hash in a partition.
    private func hash(in partition: Int) throws -> UInt64 {
        let found = (0..<10_000).lazy.map { XXH64.hash("user \($0)") }.first {
            Partitions.partition(ofHash: $0) == partition
        }
        return try #require(found)
    }

    @Test("Each parked question comes out exactly once, at the latest when it is due")
    func parked() {
        var parked = ParkedQuestions(limits: ParkingLimits(total: 1000))
        for number in 0..<10 {
            parked.park(
                pending(number, hash: UInt64(number % 3), until: .milliseconds(number * 10)))
        }
        #expect(
            parked.takeDue(at: .milliseconds(35)).map(\.header.requestID).sorted() == [0, 1, 2, 3])
        #expect(parked.take(1).map(\.header.requestID).sorted() == [4, 7])
        #expect(parked.take(1).isEmpty)
        #expect(parked.count == 4)
        #expect(parked.takeAll().count == 4 && parked.count == 0)
    }

    @Test("One partition, worker or key leaves room for others; what comes out makes room")
    func bounds() throws {
        let limits = ParkingLimits(total: 16)
        #expect(limits.perPartition == 4 && limits.perOwner == 8 && limits.perKey == 8)
        var parked = ParkedQuestions(limits: limits)
        func bound(
            _ parked: ParkedQuestions, _ hash: UInt64, key: String
        ) -> ParkedQuestions.Bound? {
            // Partitions below 4 are one worker's.
            let isFirst = Partitions.partition(ofHash: hash) < 4
            return parked.boundReached(by: pending(0, hash: hash, key: key)) {
                ($0 < 4) == isFirst
            }
        }
        let homes = try (0..<8).map { try hash(in: $0) }
        for number in 0..<4 {
            #expect(bound(parked, homes[0], key: "a") == nil)
            parked.park(pending(number, hash: homes[0], key: "k\(number)"))
        }
        #expect(bound(parked, homes[0], key: "a") == .partition)
        #expect(bound(parked, homes[1], key: "a") == nil)
        for number in 0..<4 { parked.park(pending(number, hash: homes[1], key: "k\(number)")) }
        #expect(bound(parked, homes[2], key: "a") == .owner)
        #expect(bound(parked, homes[5], key: "a") == nil)
        for home in 4..<8 {
            for number in 0..<2 { parked.park(pending(number, hash: homes[home], key: "a")) }
        }
        #expect(bound(parked, homes[5], key: "b") == .total)
        #expect(parked.take(homes[0]).count == 4)
        #expect(bound(parked, homes[5], key: "a") == .key)
        #expect(bound(parked, homes[5], key: "b") == .owner)
        #expect(bound(parked, homes[2], key: "b") == nil)
        #expect(parked.takeDue(at: .seconds(2)).count == 12)
        #expect(bound(parked, homes[0], key: "a") == nil)
    }

    @Test("What one question may ask, and how long it waits, is what the page says")
    func page() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Protocols/README.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(text.contains("| recommendations | \(ScoringRole.countMax) |"))
        let items = "\(ScoringRole.scoredItemsMax / 1000),000"
        #expect(text.contains("| items of a score request | \(items) |"))
        let seconds = QuestionLimits.timeoutMsMax / 1000
        #expect(text.contains("| time a question waits | \(seconds) s,"))
    }

    @Test("A lot of any size takes one question", arguments: [0, 1, 2, 3])
    func smallLots(total: Int) {
        let parked = ParkedQuestions(limits: ParkingLimits(total: total))
        #expect(parked.boundReached(by: pending(1, hash: 1)) { _ in true } == nil)
    }

    @Test("Quantiles lie within a quarter of the true ones", arguments: [0.5, 0.9, 0.99])
    func histogram(share: Double) {
        var histogram = LatencyHistogram()
        #expect(histogram.quantile(share) == 0)
        for value in 1...10_000 { histogram.add(microseconds: UInt64(value)) }
        let quantile = histogram.quantile(share)
        #expect(quantile >= 10_000 * share && quantile <= 12_500 * share + 1)
        histogram.add(microseconds: 0)
        histogram.add(microseconds: .max)
        #expect(histogram.total == 10_002)
    }

    @Test("A damaged, renamed or lying model file is refused once and the old model stays")
    func shelf() throws {
        let folder = try Files.makeTemporaryFolder(prefix: "limn-shelf")
        defer { try? Files.removeTree(folder) }
        var data = Interactions()
        data.append(user: "u", item: "i", weight: 1, timeMs: 1)
        let good = ModelBytes.popularity(
            PopularityModel.train(data, categories: [0]), categories: ["c"])
        func model(
            _ bytes: [UInt8], _ version: UInt64, name: String = "popularity", sha: String? = nil
        ) throws -> Model {
            var model = Model()
            model.name = name
            model.version = version
            model.file = "\(name)-\(version).safetensors"
            model.sha256 = sha ?? Digest.sha256Hex(bytes)
            try Files.writeAtomically("\(folder)/\(model.file)", bytes)
            return model
        }
        var shelf = ModelShelf()
        #expect(shelf.load([try model(good, 1)], folder: folder).isEmpty)
        #expect(shelf.models.popularity?.categories == ["c"])
        var flipped = good
        flipped[good.count / 2] ^= 1
        var outside = try model(good, 9)
        outside.file = "../popularity-9.safetensors"
        outside.sha256 = "x"
        let bad = [
            try model(flipped, 2, sha: Digest.sha256Hex(good) + " "),
            try model(Array(good.dropLast()), 3),
            try model([], 4), try model(good + [0], 5, name: "als"), outside,
        ]
        for entry in bad {
            #expect(shelf.wanted([entry]).count == 1)
            #expect(shelf.load([entry], folder: folder).count == 1, "\(entry.file)")
            #expect(shelf.wanted([entry]).isEmpty)
        }
        #expect(shelf.loaded["popularity"]?.version == 1)
        #expect(shelf.models.popularity?.model.items.names == ["i"])
        // The same data makes the same bytes: the new version is in use as soon as it is told.
        let same = try model(good, 10)
        #expect(shelf.wanted([same]) == [same])
        #expect(shelf.load(shelf.wanted([same]), folder: folder).isEmpty)
        #expect(shelf.loaded["popularity"]?.version == 10)
        #expect(shelf.recommenderLabels == ["popularity/10"])
        #expect(shelf.wanted([same]).isEmpty)
    }
}
