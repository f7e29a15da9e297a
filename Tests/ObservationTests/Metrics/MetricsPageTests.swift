import Apus
import Testing

@Suite struct MetricsPageTests {
    private var registry: MetricsRegistry {
        let registry = MetricsRegistry()
        registry.counter("mails", "Mails \"sent\"\nand \\ read.", labels: ["list"])["a\"b\\c\nd"].increment(by: 2)
        registry.gauge("length", "Length.") { 0.25 }
        registry.histogram("time_seconds", "Time.", buckets: [0.5, 1]).record(0.75)
        return registry
    }

    @Test func `the page of Prometheus`() {
        let page = registry.page()
        #expect(
            page == #"""
                # HELP apus_metrics_overflow_total Look-ups that met a metric with too many series.
                # TYPE apus_metrics_overflow_total counter
                apus_metrics_overflow_total{metric="mails"} 0
                # HELP length Length.
                # TYPE length gauge
                length 0.25
                # HELP mails_total Mails "sent"\nand \\ read.
                # TYPE mails_total counter
                mails_total{list="a\"b\\c\nd"} 2
                # HELP time_seconds Time.
                # TYPE time_seconds histogram
                time_seconds_bucket{le="0.5"} 0
                time_seconds_bucket{le="1.0"} 1
                time_seconds_bucket{le="+Inf"} 1
                time_seconds_sum 0.75
                time_seconds_count 1

                """#)
    }

    @Test func `the page of OpenMetrics names families without total and ends`() {
        let page = registry.page(.openMetrics)
        #expect(page.contains("# TYPE mails counter\nmails_total{"))
        #expect(page.contains(#"# HELP mails Mails \"sent\"\nand \\ read."#))
        #expect(page.hasSuffix("\n# EOF\n"))
    }

    @Test(arguments: [
        (nil, MetricsFormat.prometheus), ("", .prometheus), ("application/json", .prometheus),
        ("application/openmetrics-text", .openMetrics), ("text/plain, application/openmetrics-text", .prometheus),
        ("application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2", .openMetrics),
        ("application/openmetrics-text;version=9.0.0,text/plain;version=0.0.4;q=0.1", .prometheus),
        ("application/openmetrics-text;q=0, */*;q=0.1", .prometheus),
    ])
    func `the format follows what is accepted`(accept: String?, format: MetricsFormat) {
        #expect(MetricsFormat(accept: accept) == format)
    }
}
