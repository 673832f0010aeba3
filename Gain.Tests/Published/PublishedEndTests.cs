using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Gain.Tests.Cli;

namespace Gain.Tests.Published;

/// <summary>How the published binary ends, after clients of each kind, with one that is still
/// connected.</summary>
[Category(PublishedBinary.Category)]
[TestFixture("auto")]
[TestFixture("epoll")]
public sealed class PublishedEndTests(string ring)
{
    private string[] _output = [];
    private string[] _errors = [];
    private int _connections;
    private int _exitCode;
    private TimeSpan _took;
    private JsonElement _summary;

    [OneTimeSetUp]
    public async Task ServeAndStop()
    {
        await using CliProcess server =
            await CliProcess.StartAsync($"--ring {ring}", binary: PublishedBinary.Require());
        Func<IPEndPoint, Task>[] clients =
        [
            HttpClients.OneRequestAsync, HttpClients.TwoRequestsAsync, HttpClients.RequestInTwoPiecesAsync,
            HttpClients.HundredRequestsAndTheFinAsync, HttpClients.LongHeadAsync,
        ];
        foreach (Func<IPEndPoint, Task> client in clients)
        {
            await client(server.Endpoint);
        }

        using Socket idle = await HttpClients.IdleAsync(server.Endpoint);
        _connections = clients.Length + 1;
        var clock = Stopwatch.StartNew();
        (_exitCode, _summary) = await server.StopAsync();
        _took = clock.Elapsed;
        _output = server.Output;
        _errors = server.Errors;
    }

    [Test]
    public void SIGTERM_ends_it_with_exit_code_0() =>
        Assert.That(_exitCode, Is.Zero, string.Join('\n', _errors));

    [Test]
    public void It_does_not_take_longer_than_the_drain_timeout() =>
        Assert.That(_took, Is.LessThanOrEqualTo(new GainOptions().Timeouts.Drain));

    [Test]
    public void The_banner_names_the_ring()
    {
        string name = ring == "auto" ? "(io_uring|epoll)" : ring;
        Assert.That(_output[1], Does.Match($@"^gain: [0-9]+ workers?, {name} \("));
    }

    [Test]
    public void The_summary_is_one_line_of_JSON()
    {
        string[] lines = [.. _output.Where(line => !line.StartsWith("gain: ", StringComparison.Ordinal))];
        Assert.That(lines, Has.Length.EqualTo(1));
        Assert.That(lines[0], Does.Match("""^\{("[a-z_]+":[0-9]+,?)+\}$"""));
    }

    [Test]
    public void No_worker_allocated() => Assert.That(Value("allocated_bytes_on_workers"), Is.Zero);

    [Test]
    public void Every_connection_was_counted() =>
        Assert.That(Value("connections_accepted"), Is.EqualTo(_connections));

    // But the reason why it is not io_uring, on a machine that refuses it.
    [Test]
    public void Nothing_was_logged() => Assert.That(
        _errors.Where(line => !line.Contains("Warning: io_uring cannot be used", StringComparison.Ordinal)),
        Is.Empty);

    private long Value(string name) => _summary.GetProperty(name).GetInt64();
}
