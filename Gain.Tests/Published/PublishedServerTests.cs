using System.Net;
using Gain.Tests.Cli;

namespace Gain.Tests.Published;

/// <summary>The published binary serves as the build does, over each ring.</summary>
[Category(PublishedBinary.Category)]
[TestFixture("auto")]
[TestFixture("epoll")]
public sealed class PublishedServerTests(string ring)
{
    private CliProcess? _server;

    private IPEndPoint Server => _server!.Endpoint;

    [OneTimeSetUp]
    public async Task Start() =>
        _server = await CliProcess.StartAsync($"--ring {ring}", binary: PublishedBinary.Require());

    [OneTimeTearDown]
    public async Task Kill()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [Test]
    public void The_server_starts_and_names_its_port() =>
        Assert.That(_server!.Output[0], Does.Match(@"^gain: http on 127\.0\.0\.1:[1-9][0-9]*$"));

    [Test]
    public Task One_request_is_answered() => HttpClients.OneRequestAsync(Server);

    [Test]
    public Task Two_requests_share_one_connection() => HttpClients.TwoRequestsAsync(Server);

    [Test]
    public Task A_request_in_two_pieces_is_answered() => HttpClients.RequestInTwoPiecesAsync(Server);

    [Test]
    public Task A_hundred_requests_and_the_FIN_in_one_packet_are_all_answered() =>
        HttpClients.HundredRequestsAndTheFinAsync(Server);

    [Test]
    public Task A_head_over_16_KiB_is_answered_431_and_closed() => HttpClients.LongHeadAsync(Server);
}
