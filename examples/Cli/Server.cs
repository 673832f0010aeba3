using System.Text.Json;

namespace Gain.Cli;

/// <summary>Runs one server until a signal, and says what it did.</summary>
internal static class Server
{
    public static async Task<int> RunAsync(Settings settings)
    {
        GainServer server;
        try
        {
            server = Start(settings);
        }
        catch (GainException refused)
        {
            Console.Error.WriteLine($"gain: {refused.Message}");
            return IsUsage(refused.ErrorCode) ? CommandLine.UsageError : 1;
        }

        // Signals are handled from here on; who reads the banner may send one at once.
        Task stopped = server.WaitForShutdownAsync();
        PrintBanner(server, settings);
        try
        {
            await stopped;
        }
        catch (GainException failed)
        {
            Console.Error.WriteLine($"gain: {failed.Message}");
            return 1;
        }
        finally
        {
            PrintSummary(server.Statistics);
        }

        return 0;
    }

    private static GainServer Start(Settings settings) => settings.Handler switch
    {
        "http" => GainServer.Start(NewHttpHandler(settings.Options), settings.Address, settings.Options),
        "echo" => GainServer.Start(new EchoHandler(), settings.Address, settings.Options),
        _ => GainServer.Start(new DiscardHandler(), settings.Address, settings.Options),
    };

    private static HttpHandler NewHttpHandler(GainOptions options)
    {
        // Invalid counts are the server's to refuse, with its own message.
        var responses = new PlaintextResponse[Math.Max(0, options.Workers)];
        for (int i = 0; i < responses.Length; i++)
        {
            responses[i] = new PlaintextResponse();
        }

        return new HttpHandler(responses);
    }

    // Also a ring that was asked for and that this machine does not have: other arguments would do.
    private static bool IsUsage(GainError error) => error
        is GainError.OptionInvalid
        or GainError.AddressInvalid
        or GainError.AddressUnsupported
        or GainError.RingUnavailable;

    private static void PrintBanner(GainServer server, Settings settings)
    {
        Console.WriteLine($"gain: {settings.Handler} on {string.Join(", ", server.Endpoints)}");
        string workers = server.Workers == 1 ? "worker" : "workers";
        Console.WriteLine($"gain: {server.Workers} {workers}, {server.Ring}");
        var endpoint = server.Endpoints[0];
        Console.WriteLine(settings.Handler switch
        {
            "http" => $"gain: try  curl -i http://{endpoint}/",
            "echo" => $"gain: try  echo hello | socat - TCP:{endpoint}",
            _ => $"gain: try  head -c 1M /dev/zero | socat - TCP:{endpoint}",
        });
        Console.WriteLine("gain: Ctrl+C or SIGTERM stops it; what is being answered is finished first");
    }

    // By hand, so that the names are stable without a serializer's metadata.
    private static void PrintSummary(GainStatistics statistics)
    {
        using Stream output = Console.OpenStandardOutput();
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteNumber("connections_accepted", statistics.Accepted);
        json.WriteNumber("bytes_in", statistics.BytesIn);
        json.WriteNumber("bytes_out", statistics.BytesOut);
        json.WriteNumber("callbacks", statistics.Callbacks);
        json.WriteNumber("accept_errors", statistics.AcceptErrors);
        json.WriteNumber("handler_faults", statistics.HandlerFaults);
        json.WriteNumber("allocated_bytes_on_workers", statistics.AllocatedBytes);
        json.WriteNumber("gc_collections", GC.CollectionCount(0));
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }
}
