import Learning
import Messages
import Numerics
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

    @Test("Each parked question comes out exactly once, at the latest when it is due")
    func parked() {
        var parked = ParkedQuestions()
        for number in 0..<10 {
            parked.park(
                Pending(
                    routing: RoutingID([1]),
                    header: Header(kind: .profileRequest, requestID: UInt64(number)),
                    userID: "u", hash: UInt64(number % 3), question: .profile, receivedAt: .zero,
                    answerBy: .milliseconds(number * 10)))
        }
        #expect(
            parked.takeDue(at: .milliseconds(35)).map(\.header.requestID).sorted() == [0, 1, 2, 3])
        #expect(parked.take(1).map(\.header.requestID).sorted() == [4, 7])
        #expect(parked.take(1).isEmpty)
        #expect(parked.count == 4)
        #expect(parked.takeAll().count == 4 && parked.count == 0)
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
        #expect(shelf.popularity?.categories == ["c"])
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
        #expect(shelf.popularity?.model.items.names == ["i"])
    }
}
