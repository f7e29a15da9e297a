/// A collection without an order, which is given one so that the same value is always written the same way.
protocol OrderlessEncodable: Encodable {
    /// `nil` if it has to encode itself.
    func sorted(at path: [any CodingKey]) throws -> JSON?
}

extension Dictionary: OrderlessEncodable where Key: Encodable, Value: Encodable {
    func sorted(at path: [any CodingKey]) throws -> JSON? {
        var members: [(key: String, value: JSON)] = []
        for (key, value) in self {
            guard let name = (key as? any CodingKeyRepresentable)?.codingKey.stringValue else { return nil }
            members.append((name, try JSONSlot.json(of: value, at: path + [JSONKey(name)])))
        }
        return .object(JSON.Object(members.sorted { $0.key < $1.key }))
    }
}

extension Set: OrderlessEncodable where Element: Encodable {
    func sorted(at path: [any CodingKey]) throws -> JSON? {
        let elements = try map { try JSONSlot.json(of: $0, at: path) }
        return .array(elements.map { (text: $0.description, value: $0) }.sorted { $0.text < $1.text }.map(\.value))
    }
}
