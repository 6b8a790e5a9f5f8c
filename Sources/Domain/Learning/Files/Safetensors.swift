import Numerics

/// Why bytes are not a safetensors file, or not the model asked for.
package enum SafetensorsError: Error, Equatable, Sendable {
    case truncated
    case headerTooLong
    case headerMalformed
    case duplicateName
    case unknownType
    case shapeTooLarge
    case offsetsInvalid
    case missingTensor(String)
    case wrongType(String)
    case missingMetadata(String)
    case inconsistent(String)
}

/// Named arrays in one block of bytes, in the safetensors format: 8 bytes of header length, a
/// JSON header, the data without gaps.
package struct Safetensors: Sendable, Equatable {
    package enum DType: String, Sendable, CaseIterable {
        case f32 = "F32"
        case f64 = "F64"
        case i32 = "I32"
        case i64 = "I64"
        case u8 = "U8"

        var width: Int {
            switch self {
            case .f32, .i32: 4
            case .f64, .i64: 8
            case .u8: 1
            }
        }
    }

    package struct Tensor: Sendable, Equatable {
        package let type: DType
        package let shape: [Int]
        /// Little-endian elements, last dimension fastest.
        package let bytes: [UInt8]
    }

    package var metadata: [String: String] = [:]
    package private(set) var tensors: [String: Tensor] = [:]

    /// Longest header read; far above what any model here writes.
    package static let headerBytesMax = 16 << 20

    package init() {}

    mutating func set(_ name: String, _ tensor: Tensor) { tensors[name] = tensor }

    package mutating func set(_ name: String, _ numbers: [Float], shape: [Int]? = nil) {
        var bytes: [UInt8] = []
        Bytes.append(numbers, to: &bytes)
        set(name, .f32, shape ?? [numbers.count], bytes)
    }

    package mutating func set(_ name: String, _ numbers: [Double]) {
        var bytes: [UInt8] = []
        Bytes.append(numbers, to: &bytes)
        set(name, .f64, [numbers.count], bytes)
    }

    package mutating func set(_ name: String, _ numbers: [Int32]) {
        var bytes: [UInt8] = []
        Bytes.append(numbers, to: &bytes)
        set(name, .i32, [numbers.count], bytes)
    }

    package mutating func set(_ name: String, _ numbers: [Int64]) {
        var bytes: [UInt8] = []
        Bytes.append(numbers, to: &bytes)
        set(name, .i64, [numbers.count], bytes)
    }

    package mutating func set(_ name: String, _ bytes: [UInt8]) {
        set(name, .u8, [bytes.count], bytes)
    }

    private mutating func set(_ name: String, _ type: DType, _ shape: [Int], _ bytes: [UInt8]) {
        precondition(shape.reduce(1, *) * type.width == bytes.count)
        tensors[name] = Tensor(type: type, shape: shape, bytes: bytes)
    }

    /// The named tensor, refused when missing or of another type; so for all that follow.
    package func tensor(_ name: String, _ type: DType) throws(SafetensorsError) -> Tensor {
        guard let tensor = tensors[name] else { throw .missingTensor(name) }
        guard tensor.type == type else { throw .wrongType(name) }
        return tensor
    }

    package func floats(_ name: String) throws(SafetensorsError) -> [Float] {
        Bytes.floats(try tensor(name, .f32).bytes[...]) ?? []
    }

    package func doubles(_ name: String) throws(SafetensorsError) -> [Double] {
        Bytes.doubles(try tensor(name, .f64).bytes[...]) ?? []
    }

    package func int32s(_ name: String) throws(SafetensorsError) -> [Int32] {
        Bytes.int32s(try tensor(name, .i32).bytes[...]) ?? []
    }

    package func int64s(_ name: String) throws(SafetensorsError) -> [Int64] {
        Bytes.int64s(try tensor(name, .i64).bytes[...]) ?? []
    }

    package func uint8s(_ name: String) throws(SafetensorsError) -> [UInt8] {
        try tensor(name, .u8).bytes
    }

    package func text(_ key: String) throws(SafetensorsError) -> String {
        guard let text = metadata[key] else { throw .missingMetadata(key) }
        return text
    }

    /// A finite number written as text.
    package func number(_ key: String) throws(SafetensorsError) -> Double {
        guard let number = Double(try text(key)), number.isFinite else {
            throw .inconsistent(key)
        }
        return number
    }
}
