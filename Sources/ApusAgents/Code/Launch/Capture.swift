/// The first and the last of many bytes, as they come.
struct Capture {
    private let half: Int
    private var head: [UInt8] = []
    private var tail: [UInt8] = []
    private(set) var total = 0

    init(limit: Int) { half = max(limit, 0) / 2 }

    mutating func add(_ bytes: ArraySlice<UInt8>) {
        total += bytes.count
        let room = half - head.count
        head += bytes.prefix(room)
        tail += bytes.dropFirst(room)
        // What is given up is copied once in a while only.
        if tail.count > 2 * half + 65_536 { tail.removeFirst(tail.count - half) }
    }

    var text: CapturedText {
        let end = tail.suffix(half)
        let omitted = total - head.count - end.count
        if omitted == 0 { return CapturedText(String(decoding: head + end, as: UTF8.self)) }
        let (first, last) = (String(decoding: head, as: UTF8.self), String(decoding: end, as: UTF8.self))
        return CapturedText("\(first)\n[… \(omitted) bytes left out …]\n\(last)", omitted: omitted)
    }
}
