/// Something that happened in the domain, and that others may want to know.
///
/// ```swift
/// struct OrderPlaced: DomainEvent {
///     static let eventType = "order.placed"
///     var order: String
///     var cents: Int
///
///     var eventKey: String { order }
/// }
/// ```
public protocol DomainEvent: Codable, Sendable {
    /// What events of this type are called where they are stored; it must stay as it is when the type is renamed.
    static var eventType: String { get }
    /// Whose event it is, such as an order's number: events of one key are handled one after the other, in their order.
    var eventKey: String { get }
}

/// An event as it stands in the log of a bus.
public struct EventRecord: Sendable, Hashable, Identifiable {
    /// Its place in the log, counted from 1 without a gap; 0 as long as it has none.
    public package(set) var sequence = 0
    public var id: String
    public var type: String
    public var key: String
    /// When it was published, as the publisher's calendar had it.
    public package(set) var time: WallTime
    public var payload: JSON
    /// What middleware noted beside the payload, such as the id of a trace.
    public var notes: [String: String] = [:]

    package init(id: String, type: String, key: String, time: WallTime, payload: JSON) {
        (self.id, self.type, self.key) = (id, type, key)
        (self.time, self.payload) = (time, payload)
    }

    package init(_ event: some DomainEvent, id: String, time: WallTime) throws {
        let type = Swift.type(of: event).eventType
        do {
            self.init(id: id, type: type, key: event.eventKey, time: time, payload: try JSON(encoding: event))
        } catch {
            throw EventBusError(.coding, event: id, detail: "an event of the type \"\(type)\" can't be written as JSON")
        }
    }

    /// The event itself; throws ``EventBusError/Code/coding`` where the payload is none of this type.
    public func decode<Event: DomainEvent>(_ type: Event.Type = Event.self) throws -> Event {
        do {
            return try payload.decode(as: type)
        } catch {
            throw EventBusError(
                .coding, sequence: sequence, event: id,
                detail: "the payload of an event of the type \"\(self.type)\" is not a \(type)")
        }
    }
}

extension EventRecord {
    /// What is stored at its place; the place itself is the key.
    var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.object { object in
            object.key("i")
            object.string(id)
            object.key("t")
            object.string(type)
            object.key("k")
            object.string(key)
            object.key("w")
            object.number(time.milliseconds)
            object.key("p")
            object.raw(payload.bytes)
            if !notes.isEmpty {
                object.key("n")
                object.object { inner in
                    for (name, text) in notes.sorted(by: { $0.key < $1.key }) {
                        inner.key(name)
                        inner.string(text)
                    }
                }
            }
        }
        return writer.bytes
    }

    init(_ bytes: [UInt8], sequence: Int, at key: StorageKey) throws {
        guard let json = try? JSON(parsing: bytes), let id = json["i"]?.text, let type = json["t"]?.text,
            let name = json["k"]?.text, let time = json["w"]?.integerValue, let payload = json["p"]
        else { throw EventBusError(.damaged, sequence: sequence, detail: "what is stored at \(key) is no event") }
        self.init(id: id, type: type, key: name, time: WallTime(milliseconds: Int64(time)), payload: payload)
        self.sequence = sequence
        for (name, note) in json["n"]?.members.map({ Array($0) }) ?? [] { notes[name] = note.text }
    }
}
