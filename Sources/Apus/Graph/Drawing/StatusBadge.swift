/// A small sign of what became of a node, so that colour is not the only difference.
struct StatusBadge {
    let status: RunOverlay.Status

    func paint(at center: Point, in text: inout SVGText) {
        text.circle("badge", center, radius: 7)
        let sign: [[(Double, Double)]]
        switch status {
        case .completed: sign = [[(-3, 0.2), (-0.9, 2.4), (3, -2.2)]]
        case .failed: sign = [[(-2.4, -2.4), (2.4, 2.4)], [(2.4, -2.4), (-2.4, 2.4)]]
        case .running: sign = [[(-1.6, -2.8), (2.6, 0), (-1.6, 2.8), (-1.6, -2.8)]]
        case .waiting: sign = [[(0, -3.4), (0, 0.2), (2.4, 1.6)]]
        case .skipped: sign = [[(-3, 0), (3, 0)]]
        case .passedOver: sign = [[(-2.8, -2.4), (-0.2, 0), (-2.8, 2.4)], [(0.4, -2.4), (3, 0), (0.4, 2.4)]]
        case .cancelled: sign = [[(-2.4, 2.4), (2.4, -2.4)]]
        case .paused: sign = [[(-1.5, -2.6), (-1.5, 2.6)], [(1.5, -2.6), (1.5, 2.6)]]
        }
        let data = sign.map { line in
            "M" + line.map { SVGText.point(Point(x: center.x + $0.0, y: center.y + $0.1)) }.joined(separator: "L")
        }
        text.path("sign", data.joined())
    }
}
