using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gain.Proxy.Configuration;

/// <summary>Times as people write them: "250ms", "5s", "10m", "2h".</summary>
internal sealed class TimeConverter : JsonConverter<TimeSpan>
{
    private static readonly (string Unit, long Ticks)[] s_units =
    [
        ("ms", TimeSpan.TicksPerMillisecond),
        ("s", TimeSpan.TicksPerSecond),
        ("m", TimeSpan.TicksPerMinute),
        ("h", TimeSpan.TicksPerHour),
    ];

    // Longer than Gain's timers.
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(20);

    public override TimeSpan Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        string? text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        foreach ((string unit, long ticks) in s_units)
        {
            if (text is not null
                && text.EndsWith(unit, StringComparison.Ordinal)
                && int.TryParse(
                    text[..^unit.Length], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                && number > 0
                && number <= s_longest.Ticks / ticks)
            {
                return TimeSpan.FromTicks(number * ticks);
            }
        }

        throw new JsonException(
            "must be a time with its unit, such as \"250ms\", \"5s\", \"10m\" or \"2h\", above 0 and at most "
            + $"{s_longest.TotalHours:0}h");
    }

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
        writer.WriteStringValue($"{value.TotalMilliseconds:0}ms");
}
