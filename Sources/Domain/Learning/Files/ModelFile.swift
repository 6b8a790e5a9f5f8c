import Numerics

/// A model that can be written as a safetensors file and read back.
package protocol ModelFile: Sendable {
    /// The kind written into the file, so that one model is not read as another.
    static var kind: String { get }

    /// The tensors and metadata of the model, without its kind.
    func tensors() -> Safetensors

    /// Reads what `tensors` wrote; refuses whatever does not fit together.
    init(tensors file: Safetensors) throws(SafetensorsError)
}

extension ModelFile {
    /// The whole file; equal models give equal bytes.
    package func safetensors() -> [UInt8] {
        var file = tensors()
        file.metadata["kind"] = Self.kind
        file.metadata["format"] = "limn-1"
        return file.bytes()
    }

    /// Reads a whole file.
    package init(safetensors bytes: [UInt8]) throws(SafetensorsError) {
        let file = try Safetensors(bytes)
        guard try file.text("format") == "limn-1" else { throw .inconsistent("format") }
        guard try file.text("kind") == Self.kind else { throw .inconsistent("kind") }
        try self.init(tensors: file)
    }
}

extension Safetensors {
    /// Strings as one blob of UTF-8 and the offsets of each.
    package mutating func set(_ name: String, strings: [String]) {
        var blob: [UInt8] = []
        var offsets: [Int64] = [0]
        for string in strings {
            blob += Array(string.utf8)
            offsets.append(Int64(blob.count))
        }
        set("\(name).utf8", blob)
        set("\(name).offsets", offsets)
    }

    package func strings(_ name: String) throws(SafetensorsError) -> [String] {
        let blob = try uint8s("\(name).utf8")
        let offsets = try offsets("\(name).offsets", count: nil, end: blob.count)
        var result: [String] = []
        result.reserveCapacity(offsets.count)
        for (start, end) in zip(offsets, offsets.dropFirst()) {
            guard let text = String(validating: blob[start..<end], as: UTF8.self) else {
                throw .inconsistent(name)
            }
            result.append(text)
        }
        return result
    }

    /// The strings as a vocabulary, which holds each once.
    func vocabulary(_ name: String) throws(SafetensorsError) -> Vocabulary {
        let strings = try strings(name)
        guard Set(strings).count == strings.count else { throw .inconsistent(name) }
        return Vocabulary(strings)
    }

    /// Offsets that start at 0, never fall, end at `end` and are `count` + 1.
    func offsets(_ name: String, count: Int?, end: Int) throws(SafetensorsError) -> [Int] {
        let offsets = try int64s(name)
        guard offsets.first == 0, offsets.last == Int64(end),
            count == nil || offsets.count - 1 == count,
            zip(offsets, offsets.dropFirst()).allSatisfy({ $0 <= $1 })
        else { throw .inconsistent(name) }
        return offsets.map { Int($0) }
    }

    /// Finite floats, as many as `count`.
    func finite(_ name: String, count: Int) throws(SafetensorsError) -> [Float] {
        let numbers = try floats(name)
        guard numbers.count == count, numbers.allSatisfy(\.isFinite) else {
            throw .inconsistent(name)
        }
        return numbers
    }

    /// Finite doubles, as many as `count`.
    func finiteDoubles(_ name: String, count: Int) throws(SafetensorsError) -> [Double] {
        let numbers = try doubles(name)
        guard numbers.count == count, numbers.allSatisfy(\.isFinite) else {
            throw .inconsistent(name)
        }
        return numbers
    }

    mutating func set(_ name: String, _ lists: NeighbourLists) {
        set("\(name).offsets", lists.offsets.map { Int64($0) })
        set("\(name).items", lists.items)
        set("\(name).scores", lists.scores)
    }

    func neighbours(_ name: String, count: Int) throws(SafetensorsError) -> NeighbourLists {
        let items = try int32s("\(name).items")
        let scores = try finite("\(name).scores", count: items.count)
        let offsets = try offsets("\(name).offsets", count: count, end: items.count)
        guard items.allSatisfy({ $0 >= 0 && Int($0) < count }) else { throw .inconsistent(name) }
        return NeighbourLists(offsets: offsets, items: items, scores: scores)
    }
}
