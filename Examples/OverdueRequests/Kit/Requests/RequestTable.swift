/// The columns that a request is made of, found by the names in a table's header, in any order and among others.
struct RequestTable {
    enum Column: String, CaseIterable {
        case key = "Unique Key"
        case created = "Created Date"
        case closed = "Closed Date"
        case due = "Due Date"
        case agency = "Agency"
        case unit = "Agency Name"
        case complaint = "Complaint Type"
        case detail = "Descriptor"
        case borough = "Borough"
    }

    private let places: [Column: Int]
    private let header: [String]

    /// Throws the reason, in words, why the header will not do.
    init(header: [String]) throws(HeaderError) {
        self.header = header
        var places: [Column: Int] = [:]
        for (place, name) in header.enumerated() {
            guard let column = Column(rawValue: name) else { continue }
            if let first = places.updateValue(place, forKey: column) {
                throw HeaderError(reason: "row 1: column \(name) stands there twice, as \(first + 1) and \(place + 1)")
            }
        }
        let missing = Column.allCases.filter { places[$0] == nil }.map(\.rawValue)
        guard missing.isEmpty else {
            throw HeaderError(
                reason: "row 1: the header lacks \(missing.joined(separator: ", ")); "
                    + "it has \(header.joined(separator: ", "))")
        }
        self.places = places
    }

    struct HeaderError: Error { let reason: String }

    /// The name of a column by its number, counted from 1; beyond the header it is the number.
    func name(of number: Int) -> String { header.indices.contains(number - 1) ? header[number - 1] : "\(number)" }

    func request(from record: CSVRecord) throws(RowProblem) -> ServiceRequest {
        guard record.fields.count == header.count else {
            throw RowProblem(
                row: record.row, column: "", value: "",
                reason: "it has \(record.fields.count) columns, the header has \(header.count)")
        }
        guard let created = try time(.created, of: record) else { throw problem(.created, of: record, "it is missing") }
        return ServiceRequest(
            key: try required(.key, of: record), created: created, closed: try time(.closed, of: record),
            due: try time(.due, of: record), agency: try required(.agency, of: record), unit: self[.unit, record],
            complaint: self[.complaint, record], detail: self[.detail, record], borough: self[.borough, record])
    }

    func problem(_ column: Column, of record: CSVRecord, _ reason: String) -> RowProblem {
        RowProblem(row: record.row, column: column.rawValue, value: self[column, record], reason: reason)
    }

    private func required(_ column: Column, of record: CSVRecord) throws(RowProblem) -> String {
        let value = self[column, record]
        guard !value.isEmpty else { throw problem(column, of: record, "it is missing") }
        return value
    }

    private func time(_ column: Column, of record: CSVRecord) throws(RowProblem) -> LocalTime? {
        let value = self[column, record]
        guard !value.isEmpty else { return nil }
        do {
            return try LocalTime(cityForm: value)
        } catch {
            throw problem(column, of: record, error.description)
        }
    }

    private subscript(_ column: Column, _ record: CSVRecord) -> String {
        places[column].map { record.fields[$0] } ?? ""
    }
}
