import Messages
import TestSupport
import Testing

@testable import Events

@Suite("A keyed hash: its published answers, and ids that strangers make")
struct KeyedHashTests {
    // Key 00 01 … 0f, of so many bytes 00 01 …: from the authors' vectors of SipHash-2-4.
    private static let published: [(length: Int, hash: UInt64)] = [
        (0, 0x726f_db47_dd0e_0e31), (1, 0x74f8_39c5_93dc_67fd), (2, 0x0d6c_8009_d9a9_4f5a),
        (3, 0x8567_6696_d7fb_7e2d), (4, 0xcf27_94e0_2771_87b7), (5, 0x1876_5564_cd99_a68d),
        (6, 0xcbc9_466e_58fe_e3ce), (7, 0xab02_00f5_8b01_d137), (8, 0x93f5_f579_9a93_2462),
        (9, 0x9e00_82df_0ba9_e4b0), (10, 0x7a5d_bbc5_94dd_b9f3), (11, 0xf4b3_2f46_226b_ada7),
        (12, 0x751e_8fbc_860e_e5fb), (13, 0x14ea_5627_c084_3d90), (14, 0xf723_ca90_8e7a_f2ee),
        (15, 0xa129_ca61_49be_45e5), (16, 0x3f2a_cc7f_57c2_9bdb), (31, 0x32d8_92fa_d841_c342),
        (32, 0x7127_512f_72f2_7cce), (63, 0x958a_324c_eb06_4572),
    ]
    // The same of SipHash-1-3, as the standard library of Rust tests it.
    private static let short: [(length: Int, hash: UInt64)] = [
        (0, 0xabac_0158_050f_c4dc), (1, 0xc9f4_9bf3_7d57_ca93), (7, 0xd392_7d98_9bb1_1140),
        (8, 0x3690_9511_8d29_9a8e), (15, 0xd320_d86d_2a51_9956), (40, 0xc1d2_3632_99e4_1531),
        (63, 0x9d19_9062_b7bb_b3a8),
    ]
    private static let key: (UInt64, UInt64) = (0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908)

    private func message(_ length: Int) -> [UInt8] { (0..<length).map { UInt8($0) } }

    @Test("the published answers of SipHash-2-4, and those of 1-3")
    func knownAnswers() {
        for known in Self.published {
            let bytes = message(known.length)
            let hash = SipHash.hash(
                bytes.span, in: 0..<bytes.count, key: Self.key, rounds: 2, lastRounds: 4)
            #expect(hash == known.hash, "\(known.length) bytes")
        }
        for known in Self.short {
            let bytes = message(known.length)
            #expect(
                HashKey(Self.key).hash(bytes.span, in: 0..<bytes.count) == known.hash,
                "\(known.length) bytes")
        }
    }

    @Test("the published answers of 128 bits")
    func knownDigests() {
        let empty = SipHash.digest(
            message(0).span, in: 0..<0, key: Self.key, rounds: 2, lastRounds: 4)
        #expect(empty == (0xe6a8_25ba_047f_81a3, 0x9302_55c7_1472_f66d))
        let one = SipHash.digest(
            message(1).span, in: 0..<1, key: Self.key, rounds: 2, lastRounds: 4)
        #expect(one == (0x44af_996b_d8c1_87da, 0x45fc_229b_1159_7634))
        let long = SipHash.digest(
            message(63).span, in: 0..<63, key: Self.key, rounds: 2, lastRounds: 4)
        #expect(long == (0x4a83_502f_77d1_5051, 0x7cbd_3f97_9a06_3e50))
        #expect(
            HashKey(Self.key).digest(message(33).span, in: 0..<33)
                == (0xf4fc_2013_ae7b_f5c5, 0x6bc6_561d_e768_e8b4))
    }

    @Test("the place of the bytes does not matter, and another key is another hash")
    func places() {
        let key = HashKey((1, 2))
        for length in 0...40 {
            let bytes = message(length)
            let moved = [9, 9, 9] + bytes + [9]
            let hash = key.hash(bytes.span, in: 0..<length)
            #expect(hash == key.hash(moved.span, in: 3..<3 + length))
            #expect(hash != HashKey((1, 3)).hash(bytes.span, in: 0..<length))
        }
        #expect(key.check != HashKey((1, 3)).check)
        #expect(key.derived("a") != key.derived("b"))
    }

    @Test("ids of one XXH64 are made, not searched; under a key they differ")
    func constructed() {
        var maker = EqualHashes(seed: 3)
        let ids = maker.next(2000)
        #expect(Set(ids).count == ids.count)
        #expect(Set(ids.map { XXH64.hash($0) }).count == 1)
        #expect(Set(ids.map { Partitions.partition(ofUser: $0) }).count == 1)
        let keys = UserKeys(HashKey((5, 6)))
        let hashes = Set(ids.map { keys.hash($0) })
        #expect(hashes.count == ids.count)
        let partition = Partitions.partition(ofUser: ids[0])
        #expect(hashes.allSatisfy { Partitions.partition(ofHash: $0) == partition })
    }

    @Test("rows of two buckets are never the same, and belong to theirs")
    func rows() {
        let keys = UserKeys(HashKey((5, 6)))
        var seen: Set<UInt64> = []
        for user in 0..<200 {
            let id = "user-\(user)"
            let hash = keys.hash(id)
            let partition = Partitions.partition(ofHash: hash)
            #expect(partition == Partitions.partition(ofUser: id))
            for number in 0..<UserKeys.bucketsPerUser {
                let bucket = keys.bucket(number, of: id.utf8.span, hash: hash)
                for place in 0..<UserKeys.rowsPerBucket {
                    let key = UserKeys.row(place, of: bucket)
                    #expect(seen.insert(key).inserted)
                    #expect(UserKeys.bucket(ofRow: key, partition: partition) == bucket)
                }
            }
        }
    }

    @Test("items of one hash are told apart, however many")
    func items() {
        var maker = EqualHashes(seed: 4)
        let ids = maker.next(300)
        var directory = ItemDirectory(key: HashKey((7, 8)))
        for (place, id) in ids.enumerated() {
            var item = Item()
            item.itemID = id
            item.price = Double(place)
            directory.put(item)
            directory.put(item)
        }
        #expect(directory.count == ids.count)
        for (place, id) in ids.enumerated() {
            let bytes = Array(id.utf8)
            #expect(directory.entry(bytes.span, 0..<bytes.count)?.price == Double(place))
        }
    }
}
