import Apus
import Foundation

/// Vectors as servers write them: a list of numbers, or Base64 of 32-bit numbers.
enum Vector {
    static func all(_ values: [JSON?]) throws(AnswerFault) -> [[Float]] {
        var vectors: [[Float]] = []
        for value in values {
            guard let vector = value.flatMap(one) else { throw .missing("vector") }
            vectors.append(vector)
        }
        return vectors
    }

    private static func one(_ value: JSON) -> [Float]? {
        if let elements = value.elements {
            let numbers = elements.compactMap { $0.double.map { Float($0) } }
            return numbers.count == elements.count ? numbers : nil
        }
        guard let data = value.text.flatMap({ Data(base64Encoded: $0) }), data.count.isMultiple(of: 4) else {
            return nil
        }
        return data.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count, by: 4).map { offset in
                Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
            }
        }
    }
}
