using System.Text.Json;
using Gain.CompilerServices;
using Gain.Tls;

namespace Gain.Cli;

/// <summary>Runs one server until a signal, and says what it did.</summary>
internal static class Server
{
    public static async Task<int> RunAsync(Settings settings)
    {
        GainServer server;
        TlsServerOptions? tls;
        try
        {
            tls = settings.Tls?.Options(settings.Handler);
            server = Start(settings, tls);
        }
        catch (TlsException refused)
        {
            Console.Error.WriteLine($"gain: {refused.Message}");
            return refused.ErrorCode is TlsError.CertificateInvalid or TlsError.OptionInvalid
                ? CommandLine.UsageError
                : 1;
        }
        catch (GainException refused)
        {
            Console.Error.WriteLine($"gain: {refused.Message}");
            return IsUsage(refused.ErrorCode) ? CommandLine.UsageError : 1;
        }

        // Signals are handled from here on; who reads the banner may send one at once.
        Task stopped = server.WaitForShutdownAsync();
        PrintBanner(server, settings, tls);
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

    private static GainServer Start(Settings settings, TlsServerOptions? tls) => settings.Handler switch
    {
        "http" => Start(NewHttpHandler(settings.Options), settings, tls),
        "echo" => Start(new EchoHandler(), settings, tls),
        _ => Start(new DiscardHandler(), settings, tls),
    };

    private static GainServer Start<TProtocol>(TProtocol handler, Settings settings, TlsServerOptions? tls)
        where TProtocol : struct, IProtocol<TProtocol> => tls is null
        ? GainServer.Start(handler, settings.Address, settings.Options)
        : GainServer.Listen(handler, settings.Address).UseTls(tls).Start(settings.Options);

    private static HttpHandler NewHttpHandler(GainOptions options)
    {
        // Invalid counts are the server's to refuse, with its own message.
        var responses = new PlaintextResponse[Math.Max(0, options.WorkerCount)];
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
        or GainError.ProtocolMismatch
        or GainError.RingUnavailable;

    private static void PrintBanner(GainServer server, Settings settings, TlsServerOptions? tls)
    {
        bool isIP = server.EndPoints.Count == server.Addresses.Count;
        string places = isIP ? string.Join(", ", server.EndPoints) : string.Join(", ", server.Addresses);
        Console.WriteLine($"gain: {settings.Handler} on {places}");
        string workers = server.WorkerCount == 1 ? "worker" : "workers";
        string acceptor = settings.Options.Architecture == GainArchitecture.Reactor ? "1 acceptor, " : "";
        Console.WriteLine($"gain: {acceptor}{server.WorkerCount} {workers}, {server.RingDescription}");
        if (tls?.Certificate is { } certificate)
        {
            string trust = settings.Tls!.IsSelfSigned ? "self-signed, so that no client trusts it, and " : "";
            Console.WriteLine(
                $"gain: {TlsLibrary.Version}, the certificate of {certificate.Subject}, {trust}valid until "
                + $"{certificate.NotAfter:u}");
        }

        (string curl, string socat) = Clients(server);
        Console.WriteLine(settings.Handler switch
        {
            "http" => $"gain: try  curl -{(tls is null ? "" : "k")}i {curl}",
            "echo" => $"gain: try  echo hello | socat - {socat}",
            _ => $"gain: try  head -c 1M /dev/zero | socat - {socat}",
        });
        Console.WriteLine("gain: Ctrl+C or SIGTERM stops it; what is being answered is finished first");
    }

    // How curl and socat are told where the server is.
    private static (string Curl, string Socat) Clients(GainServer server)
    {
        string address = server.Addresses[0];
        string scheme = address[..address.IndexOf("://", StringComparison.Ordinal)];
        string name = address[(scheme.Length + 3)..];
        switch (scheme)
        {
            case "tcp" or "udp":
                return ($"http://{name}/", $"{scheme.ToUpperInvariant()}:{name}");
            case "tls":
                return ($"https://{name}/", $"OPENSSL:{name},verify=0");
            case "unixgram":
                // A socket without a name would get no answer.
                return ("", name.StartsWith('@')
                    ? $"'ABSTRACT-SENDTO:{name[1..]},bind=gain-client'"
                    : $"'UNIX-SENDTO:{name},bind=/tmp/gain-client.sock'");
            default:
                break;
        }

        return name.StartsWith('@')
            ? ($"--abstract-unix-socket '{name[1..]}' http://localhost/", $"'ABSTRACT-CONNECT:{name[1..]}'")
            : ($"--unix-socket '{name}' http://localhost/", $"'UNIX-CONNECT:{name}'");
    }

    // By hand, so that the names are stable without a serializer's metadata.
    private static void PrintSummary(GainStatistics statistics)
    {
        using Stream output = Console.OpenStandardOutput();
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteNumber("datagrams_in", statistics.DatagramsIn);
        json.WriteNumber("datagrams_out", statistics.DatagramsOut);
        json.WriteNumber("connections_accepted", statistics.Accepted);
        json.WriteNumber("bytes_in", statistics.BytesIn);
        json.WriteNumber("bytes_out", statistics.BytesOut);
        json.WriteNumber("callbacks", statistics.Callbacks);
        json.WriteNumber("accept_errors", statistics.AcceptErrors);
        json.WriteNumber("failed_handshakes", statistics.FailedHandshakes);
        json.WriteNumber("handler_faults", statistics.HandlerFaults);
        json.WriteNumber("allocated_bytes_on_workers", statistics.AllocatedBytes);
        json.WriteNumber("gc_collections", GC.CollectionCount(0));
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }
}
