/// How many requests are open, overdue and due soon at one moment, by agency.
public struct Analysis: Sendable, Codable, Equatable {
    public struct Count: Sendable, Codable, Equatable {
        public var open = 0
        public var overdue = 0
        public var dueSoon = 0

        public init(open: Int = 0, overdue: Int = 0, dueSoon: Int = 0) {
            self.open = open
            self.overdue = overdue
            self.dueSoon = dueSoon
        }
    }

    /// The counts of one agency.
    public struct Agency: Sendable, Codable, Equatable {
        public var name: String
        public var count: Count

        public init(name: String, count: Count) {
            self.name = name
            self.count = count
        }
    }

    public var total = Count()
    /// Agencies with open requests: the most overdue first, then the most open, then by name.
    public var agencies: [Agency] = []

    public init(of requests: [ServiceRequest], at moment: LocalTime) {
        var counts: [String: Count] = [:]
        for request in requests where request.isOpen(at: moment) {
            let one = Count(
                open: 1, overdue: request.isOverdue(at: moment) ? 1 : 0, dueSoon: request.isDueSoon(at: moment) ? 1 : 0)
            total += one
            counts[request.agency, default: Count()] += one
        }
        agencies = counts.map { Agency(name: $0.key, count: $0.value) }.sorted(by: Self.precedes)
    }

    private static func precedes(_ left: Agency, _ right: Agency) -> Bool {
        (right.count.overdue, right.count.open, left.name) < (left.count.overdue, left.count.open, right.name)
    }
}

extension Analysis.Count {
    static func += (left: inout Self, right: Self) {
        left.open += right.open
        left.overdue += right.overdue
        left.dueSoon += right.dueSoon
    }
}
