import PlainText

extension Safetensors {
    /// The file; names in rising order, so equal contents give equal bytes.
    package func bytes() -> [UInt8] {
        var header = "{"
        var data: [UInt8] = []
        var entries: [String] = []
        if !metadata.isEmpty {
            let pairs = metadata.sorted { $0.key < $1.key }
                .map { "\(VisibleText.quoted($0.key)):\(VisibleText.quoted($0.value))" }
            entries.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
        }
        // Wider elements first keeps every tensor aligned.
        let order = tensors.sorted {
            (-$0.value.type.width, $0.key) < (-$1.value.type.width, $1.key)
        }
        for (name, tensor) in order {
            let shape = tensor.shape.map(String.init).joined(separator: ",")
            let end = data.count + tensor.bytes.count
            entries.append(
                "\(VisibleText.quoted(name)):{\"dtype\":\"\(tensor.type.rawValue)\","
                    + "\"shape\":[\(shape)],\"data_offsets\":[\(data.count),\(end)]}")
            data += tensor.bytes
        }
        header += entries.joined(separator: ",") + "}"
        var text = Array(header.utf8)
        while text.count % 8 != 0 { text.append(UInt8(ascii: " ")) }
        var out: [UInt8] = []
        out.reserveCapacity(8 + text.count + data.count)
        for shift in stride(from: 0, to: 64, by: 8) {
            out.append(UInt8(truncatingIfNeeded: text.count >> shift))
        }
        return out + text + data
    }
}
