/// Reads the city's table of requests; a bad row costs only itself.
struct RequestReader {
    private let source: String
    private var csv: CSVReader
    private var rowOfKey: [String: Int] = [:]
    private var batch = RequestBatch()

    /// `source` is what errors call the table.
    init(_ bytes: [UInt8], source: String) {
        self.source = source
        csv = CSVReader(bytes)
    }

    /// Reads the header and the rows behind it, at most `limit` of them.
    static func read(_ bytes: [UInt8], source: String, limit: Int = .max) throws(SourceError) -> RequestBatch {
        var reader = RequestReader(bytes, source: source)
        let table = try reader.header()
        for _ in 0..<limit {
            guard try reader.row(of: table) else { break }
        }
        return reader.batch
    }

    private mutating func header() throws(SourceError) -> RequestTable {
        var header: [String] = []
        do throws(CSVError) {
            header = try csv.next()?.fields ?? []
        } catch {
            throw SourceError(.header, source: source, reason: error.description)
        }
        if header.isEmpty { throw SourceError(.header, source: source, reason: "it is empty; row 1 names the columns") }
        do throws(RequestTable.HeaderError) {
            return try RequestTable(header: header)
        } catch {
            throw SourceError(.header, source: source, reason: error.reason)
        }
    }

    /// Reads one row into the batch; `false` at the end.
    private mutating func row(of table: RequestTable) throws(SourceError) -> Bool {
        do throws(CSVError) {
            guard let record = try csv.next() else { return false }
            keep(record, of: table)
        } catch {
            let place = table.name(of: error.column)
            guard error.code != .unterminatedQuote else {
                throw SourceError(
                    .malformed, source: source, reason: "row \(error.row), column \(place): \(error.reason)")
            }
            batch.problems.append(RowProblem(row: error.row, column: place, value: "", reason: error.reason))
        }
        return true
    }

    private mutating func keep(_ record: CSVRecord, of table: RequestTable) {
        do throws(RowProblem) {
            let request = try table.request(from: record)
            if let first = rowOfKey[request.key] {
                throw table.problem(.key, of: record, "row \(first) has the same key")
            }
            rowOfKey[request.key] = record.row
            batch.requests.append(request)
        } catch {
            batch.problems.append(error)
        }
    }
}
