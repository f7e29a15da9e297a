/// Reads one field of a cron expression.
struct CronReader {
    let name: CronError.Field
    let text: Substring

    init(_ text: Substring, _ name: CronError.Field) {
        self.text = text
        self.name = name
    }

    func field() throws(CronError) -> CronField {
        var field = CronField()
        field.isStarred = text.first == "*" || text == "?"
        if text == "*" || text == "?" && (name == .dayOfMonth || name == .dayOfWeek) {
            field.isOpen = true
            field.bits = bits(name == .dayOfWeek ? 0...6 : name.range, 1)
            return field
        }
        for item in text.split(separator: ",", omittingEmptySubsequences: false) { try add(item, to: &field) }
        return field
    }

    /// The years that a field admits; `nil` for all of them.
    func years() throws(CronError) -> [Int]? {
        if text == "*" || text == "?" { return nil }
        var years: Set<Int> = []
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            let (range, step) = try range(of: item)
            years.formUnion(stride(from: range.lowerBound, through: range.upperBound, by: step))
        }
        return years.count == name.range.count ? nil : years.sorted()
    }

    private func add(_ item: Substring, to field: inout CronField) throws(CronError) {
        if name == .dayOfMonth, try addDay(item.uppercased(), to: &field) { return }
        if name == .dayOfWeek, try addWeekday(item, to: &field) { return }
        let (range, step) = try range(of: item)
        let least = name == .month ? 1 : 0
        for number in stride(from: range.lowerBound, through: range.upperBound, by: step) {
            field.bits |= 1 << UInt64(name.round.map { (number - least) % $0 + least } ?? number)
        }
    }

    /// `L`, `L-3`, `LW` and `15W`.
    private func addDay(_ item: String, to field: inout CronField) throws(CronError) -> Bool {
        if item == "L" {
            field.fromLast.append(0)
        } else if item == "LW" {
            field.nearest.append(0)
        } else if item.hasPrefix("L-") {
            guard let back = digits(item.dropFirst(2)), (1...30).contains(back) else {
                throw failure(item, "the days before the last are 1 to 30")
            }
            field.fromLast.append(back)
        } else if item.hasSuffix("W") {
            field.nearest.append(try number(item.dropLast()))
        } else {
            return false
        }
        return true
    }

    /// `5#2`, `5L` and `L5`.
    private func addWeekday(_ item: Substring, to field: inout CronField) throws(CronError) -> Bool {
        if let mark = item.firstIndex(of: "#") {
            let weekday = try number(item[..<mark])
            guard let count = digits(item[item.index(after: mark)...]), (1...5).contains(count) else {
                throw failure(item, "behind # stands which one of the month, 1 to 5")
            }
            field.counted.append(CronField.Counted(weekday: weekday % 7, number: count))
            return true
        }
        let isFirst = item.first == "L" || item.first == "l"
        guard isFirst || item.last == "L" || item.last == "l" else { return false }
        if item.count == 1 { throw failure(item, "the last what? Say 5L for the last Friday") }
        let weekday = try number(isFirst ? item.dropFirst() : item.dropLast())
        field.counted.append(CronField.Counted(weekday: weekday % 7, number: 0))
        return true
    }

    private func range(of item: Substring) throws(CronError) -> (ClosedRange<Int>, Int) {
        let parts = item.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count > 2 { throw failure(item, "it has two steps") }
        var step = 1
        if parts.count == 2 {
            guard let number = digits(parts[1]), number > 0 else { throw failure(item, "a step is a number from 1 on") }
            step = number
        }
        let base = parts[0]
        if base == "*" { return (name == .dayOfWeek ? 0...6 : name.range, step) }
        let ends = base.split(separator: "-", omittingEmptySubsequences: false)
        if ends.count > 2 { throw failure(item, "a range has two ends") }
        let lower = try number(ends[0])
        guard ends.count == 2 else {
            let last = name == .dayOfWeek ? max(lower, 6) : name.range.upperBound
            return (lower...(parts.count == 2 ? last : lower), step)
        }
        // The last day of a month is at most the 31st; what a shorter month lacks is left out there.
        let isLast = name == .dayOfMonth && ends[1].lowercased() == "l"
        var upper = isLast ? 31 : try number(ends[1])
        if upper < lower, let round = name.round { upper += round }
        if upper < lower { throw failure(item, "the range ends before it begins") }
        return (lower...upper, step)
    }

    private func bits(_ range: ClosedRange<Int>, _ step: Int) -> UInt64 {
        var bits: UInt64 = 0
        for number in stride(from: range.lowerBound, through: range.upperBound, by: step) {
            bits |= 1 << UInt64(number)
        }
        return bits
    }

    private func number(_ text: Substring) throws(CronError) -> Int {
        if let number = name.number(named: text) { return number }
        guard let number = digits(text) else {
            throw failure(text, text.isEmpty ? "something is missing" : "it is no number")
        }
        guard name.range.contains(number) else {
            throw failure(text, "it is not in \(name.range.lowerBound) to \(name.range.upperBound)")
        }
        return number
    }

    private func digits(_ text: Substring) -> Int? {
        let isNumber = !text.isEmpty && text.utf8.count <= 9 && text.utf8.allSatisfy { (48...57).contains($0) }
        return isNumber ? Int(text) : nil
    }

    private func failure(_ item: some StringProtocol, _ reason: String) -> CronError {
        CronError(String(item), in: name, reason)
    }
}
