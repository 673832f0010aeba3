using Microsoft.Extensions.Logging;
using Gain.Tests.Server;

namespace Gain.Tests.Parity;

/// <summary>The original's options, by ours.</summary>
[NonParallelizable]
public sealed class ParityOptionsTests
{
    [TestCase(LogLevel.Information, true)]
    [TestCase(LogLevel.Warning, false)]
    [TestCase(LogLevel.None, false)]
    public async Task Log_level_decides_what_goes_to_standard_error(LogLevel level, bool tellsOfTheStart)
    {
        TextWriter before = Console.Error;
        using var written = new StringWriter();
        Console.SetError(written);
        try
        {
            GainServer server = GainServer.Start(
                new EchoProtocol(),
                "tcp://127.0.0.1:0",
                new GainOptions { Workers = 1, LogLevel = level, Ring = GainRing.Epoll });
            await server.StopAsync().WaitAsync(Clients.Patience);
        }
        finally
        {
            Console.SetError(before);
        }

        Assert.That(
            written.ToString(),
            tellsOfTheStart ? Does.Contain("gain: Information: ").And.Contain("tcp://127.0.0.1:") : Is.Empty);
    }
}
