import Foundation

extension Recording {
    /// The vectors that a plain walk finds.
    var vectors: [[Float]] {
        let body = try? JSONSerialization.jsonObject(with: Data(bytes))
        if let rows = at(body, "embeddings", "float") as? [[NSNumber]] { return rows.map { $0.map(\.floatValue) } }
        let rows = list(body, "data") + list(body, "embeddings") + list(body, "predictions")
        return rows.map { row in
            let values = at(row, "embedding") ?? at(row, "values") ?? at(row, "embeddings", "values")
            if let numbers = values as? [NSNumber] { return numbers.map(\.floatValue) }
            let data = Data(base64Encoded: values as? String ?? "") ?? Data()
            return (0..<data.count / 4).map { place in
                let bytes = data[(place * 4)..<(place * 4 + 4)].reversed()
                return Float(bitPattern: bytes.reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
            }
        }
    }
}
