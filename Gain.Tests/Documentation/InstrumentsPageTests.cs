using System.Diagnostics.Metrics;

namespace Gain.Tests.Documentation;

/// <summary>The table of instruments in docs/hosting.md is that of the meter.</summary>
public sealed class InstrumentsPageTests
{
    [Test]
    public void Page_has_a_row_for_each_instrument_with_its_kind_unit_and_meaning()
    {
        // Other tests have meters of the name.
        using var factory = new ScopedMeters();
        var rows = new List<string>();
        var reasons = new HashSet<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Scope == factory)
                {
                    rows.Add($"| `{instrument.Name}` | {KindOf(instrument)} | `{instrument.Unit}` | "
                        + $"{instrument.Description} |");
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            foreach (KeyValuePair<string, object?> tag in tags)
            {
                reasons.Add(tag.Key == "reason" ? $"`{tag.Value}`" : $"`{tag.Key}`");
            }
        });
        listener.Start();
        using var metrics = new GainMetrics("tcp://:1", () => default, () => 0, factory);
        listener.RecordObservableInstruments();

        string page = SourceTree.Read("docs/hosting.md");
        Assert.That(
            page.Split('\n').Where(line => line.StartsWith("| `gain.", StringComparison.Ordinal)),
            Is.EquivalentTo(rows));
        Assert.That(rows, Has.Count.GreaterThan(30));
        Assert.That(reasons, Has.Count.GreaterThan(1));
        foreach (string reason in reasons)
        {
            Assert.That(page, Does.Contain(reason));
        }
    }

    private static string KindOf(Instrument instrument)
    {
        string type = instrument.GetType().Name;
        return type[..type.IndexOf('`', StringComparison.Ordinal)] switch
        {
            nameof(ObservableCounter<long>) => "counter",
            "ObservableUpDownCounter" => "up-down counter",
            "ObservableGauge" => "gauge",
            string other => other,
        };
    }

    private sealed class ScopedMeters : IMeterFactory
    {
        private Meter? _meter;

        public Meter Create(MeterOptions options)
        {
            options.Scope = this;
            return _meter = new Meter(options);
        }

        public void Dispose() => _meter?.Dispose();
    }
}
