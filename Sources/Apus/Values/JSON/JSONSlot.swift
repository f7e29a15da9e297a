import Foundation

/// A place that one encoded value goes to, now or bit by bit.
///
/// It is used by one call of ``JSON/init(encoding:)`` and never leaves it.
final class JSONSlot {
    private enum Content {
        case nothing
        case value(JSON)
        case elements([JSONSlot])
        case members([(key: String, slot: JSONSlot)])
    }

    private var content = Content.nothing

    init(_ value: JSON? = nil) {
        if let value { content = .value(value) }
    }

    /// What encodes nothing is an empty object.
    var json: JSON {
        switch content {
        case .nothing: [:]
        case .value(let value): value
        case .elements(let slots): .array(slots.map(\.json))
        case .members(let members): .object(JSON.Object(members.lazy.map { (key: $0.key, value: $0.slot.json) }))
        }
    }

    static func json(of value: some Encodable, at path: [any CodingKey]) throws -> JSON {
        switch value {
        case let value as JSON: return value
        case let value as JSON.Object: return .object(value)
        case let value as Date: return .string(text(of: value))
        case let value as Data: return .string(value.base64EncodedString())
        case let value as URL: return .string(value.absoluteString)
        case let value as Decimal: return number(value)
        case let value as any OrderlessEncodable:
            if let json = try value.sorted(at: path) { return json }
            fallthrough
        default:
            let slot = JSONSlot()
            try value.encode(to: JSONValueEncoder(slot: slot, codingPath: path))
            return slot.json
        }
    }

    private static func text(of date: Date) -> String {
        let seconds = date.timeIntervalSinceReferenceDate
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: seconds.rounded() != seconds)
        // The style cuts what is below a millisecond.
        return style.format(date + 0.000_5)
    }

    private static func number(_ decimal: Decimal) -> JSON {
        let text = "\(decimal)"
        return Int64(text).map { .integer($0) } ?? .number(Double(text) ?? .nan)
    }

    func put(_ value: JSON) { content = .value(value) }

    func beArray() {
        if case .elements = content { return }
        content = .elements([])
    }

    func beObject() {
        if case .members = content { return }
        content = .members([])
    }

    var count: Int {
        if case .elements(let slots) = content { slots.count } else { 0 }
    }

    @discardableResult
    func append(_ slot: JSONSlot) -> JSONSlot {
        guard case .elements(var slots) = content else { return slot }
        content = .nothing
        slots.append(slot)
        content = .elements(slots)
        return slot
    }

    @discardableResult
    func append(_ key: String, _ slot: JSONSlot) -> JSONSlot {
        guard case .members(var members) = content else { return slot }
        content = .nothing
        members.append((key, slot))
        content = .members(members)
        return slot
    }
}
