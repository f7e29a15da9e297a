extension JSON {
    /// The members of an object, in the order in which they were written; each key once.
    ///
    /// Look-up by key takes the same time however many members there are. Equality ignores the order.
    public struct Object: Sendable {
        private var members: [(key: String, value: JSON)]
        /// Where each key stands, once there are so many that looking through them would take longer.
        private var places: [ExactKey: Int]?

        /// How many members are looked through one by one.
        private static let fewMembers = 12

        public init() { members = [] }

        /// An object of these members. Where a key comes twice the last value is kept, at the first one's place.
        public init(_ members: some Sequence<(key: String, value: JSON)>) {
            self.init()
            for (key, value) in members { self[key] = value }
        }

        /// Moves keys and values out of memory; where a key comes twice the last value is kept.
        init(movingKeys keys: UnsafeMutablePointer<String>, values: UnsafeMutablePointer<JSON>, count: Int) {
            // All empty arrays share one storage, and the initialiser below would write to it.
            guard count > 0 else {
                members = []
                return
            }
            members = .init(unsafeUninitializedCapacity: count) { buffer, filled in
                for place in 0..<count {
                    (buffer.baseAddress! + place).initialize(to: ((keys + place).move(), (values + place).move()))
                }
                filled = count
            }
            index()
            if hasTwins { self = Self(Array(members)) }
        }

        private var hasTwins: Bool {
            if let places { return places.count < members.count }
            for last in members.indices {
                for first in 0..<last where members[first].key.isSame(as: members[last].key) { return true }
            }
            return false
        }
    }
}

extension JSON.Object {
    /// A key that is compared scalar by scalar.
    private struct ExactKey: Hashable {
        let text: String
        static func == (left: Self, right: Self) -> Bool { left.text.isSame(as: right.text) }
        func hash(into hasher: inout Hasher) { text.hashScalars(into: &hasher) }
    }

    /// The value of `key`. A new key comes last; setting `nil` removes the member, which takes time in proportion to their
    /// number.
    public subscript(key: String) -> JSON? {
        get { place(of: key).map { members[$0].value } }
        set {
            switch (place(of: key), newValue) {
            case (let place?, let value?): members[place].value = value
            case (let place?, nil): remove(at: place)
            case (nil, let value?): append(value, for: key)
            case (nil, nil): break
            }
        }
    }

    public var keys: [String] { members.map(\.key) }
    public var values: [JSON] { members.map(\.value) }

    private func place(of key: String) -> Int? {
        if let places { return places[ExactKey(text: key)] }
        return members.firstIndex { $0.key.isSame(as: key) }
    }

    private mutating func append(_ value: JSON, for key: String) {
        members.append((key, value))
        if places != nil {
            places?[ExactKey(text: key)] = members.count - 1
        } else if members.count > Self.fewMembers {
            index()
        }
    }

    private mutating func remove(at place: Int) {
        members.remove(at: place)
        if places != nil { index() }
    }

    private mutating func index() {
        places = nil
        guard members.count > Self.fewMembers else { return }
        var places: [ExactKey: Int] = [:]
        places.reserveCapacity(members.count)
        for (place, member) in members.enumerated() { places[ExactKey(text: member.key)] = place }
        self.places = places
    }
}

extension JSON.Object: RandomAccessCollection {
    public var startIndex: Int { 0 }
    public var endIndex: Int { members.count }
    public subscript(position: Int) -> (key: String, value: JSON) { members[position] }
}

extension JSON.Object: Hashable {
    public static func == (left: Self, right: Self) -> Bool {
        left.count == right.count && left.allSatisfy { right[$0.key] == $0.value }
    }

    public func hash(into hasher: inout Hasher) {
        // A sum, because the order doesn't count.
        var sum = 0
        for (key, value) in members {
            var member = Hasher()
            key.hashScalars(into: &member)
            member.combine(value)
            sum &+= member.finalize()
        }
        hasher.combine(sum)
        hasher.combine(count)
    }
}

extension JSON.Object: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, JSON)...) {
        self.init(elements.lazy.map { (key: $0.0, value: $0.1) })
    }
}

extension JSON.Object: CustomStringConvertible {
    public var description: String { JSON.object(self).description }
}
