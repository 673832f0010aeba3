using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Gain.Tests.Server;

namespace Gain.Tests.Documentation;

/// <summary>The programs of docs/protocols.md do what the page says.</summary>
public sealed class ProtocolsPageTests
{
    private static readonly IReadOnlyDictionary<string, string> s_programs =
        DocumentedProgram.In("docs/protocols.md");

    [Test]
    public void Every_program_of_the_page_is_tested() =>
        Assert.That(s_programs.Keys, Is.EquivalentTo(new[] { "Echo", "Adder", "Repeater", "Resp" }));

    [Test]
    public async Task Echo()
    {
        await using DocumentedProgram program = await DocumentedProgram.StartAsync(s_programs["Echo"]);
        byte[] bytes = Clients.Pattern(5_000, 1);

        await program.AssertAnswersAsync(bytes, bytes);
        Assert.That(await program.StopAsync(), Is.Zero, program.Errors);
    }

    [Test]
    public async Task Adder()
    {
        await using DocumentedProgram program = await DocumentedProgram.StartAsync(s_programs["Adder"]);

        await program.AssertAnswersAsync("1\n20\n-300\n"u8.ToArray(), "1\n21\n-279\n"u8.ToArray());
        await AssertEndsAsync(program, "5\nfive\n6\n", "5\nnot a number\n");
        await AssertEndsAsync(program, new string('1', 30), "too long\n");
        Assert.That(await program.StopAsync(), Is.Zero, program.Errors);
    }

    [Test]
    public async Task Repeater()
    {
        await using DocumentedProgram program = await DocumentedProgram.StartAsync(s_programs["Repeater"]);

        await program.AssertAnswersAsync(
            [1, 0, 2, 7, 8, 2, 0, 3, 4, 5, 6, 2, 0, 1, 9],
            [1, 0, 2, 7, 8, 2, 0, 8, 5, 6, 5, 6, 5, 6, 5, 6, 2, 0, 0]);
        Assert.That(await program.StopAsync(), Is.Zero, program.Errors);
    }

    [Test]
    public async Task Resp()
    {
        await using DocumentedProgram program = await DocumentedProgram.StartAsync(s_programs["Resp"]);

        await program.AssertAnswersAsync(
            [
                .. "PING\r\n"u8,
                .. "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$5\r\na\r\nb!\r\n"u8,
                .. "*2\r\n$3\r\nget\r\n$1\r\nk\r\n"u8,
                .. "get x\r\n"u8,
            ],
            "+PONG\r\n+OK\r\n$5\r\na\r\nb!\r\n$-1\r\n"u8.ToArray());
        Assert.That(await program.StopAsync(), Is.Zero, program.Errors);
    }

    [TestCase("*x\r\n")]
    [TestCase("*9\r\n")]
    [TestCase("*1\r\n+OK\r\n")]
    [TestCase("*1\r\n$99999999\r\n")]
    [TestCase("*1\r\n$1\r\nab\r\n")]
    public async Task Resp_refuses(string malformed)
    {
        await using DocumentedProgram program = await DocumentedProgram.StartAsync(s_programs["Resp"]);

        await AssertEndsAsync(program, malformed, "-ERR protocol error\r\n");

        Assert.That(await program.StopAsync(), Is.Zero, program.Errors);
    }

    [Test]
    public async Task Resp_answers_redis_cli()
    {
        await using DocumentedProgram program = await DocumentedProgram.StartAsync(s_programs["Resp"]);

        Assert.That(await AskAsync(program, "ping"), Is.EqualTo("PONG\n"));
        Assert.That(await AskAsync(program, "set", "name", "gain for .NET"), Is.EqualTo("OK\n"));
        Assert.That(await AskAsync(program, "get", "name"), Is.EqualTo("gain for .NET\n"));
        Assert.That(await AskAsync(program, "get", "other"), Is.EqualTo("\n"));
        Assert.That(await AskAsync(program, "flushall"), Does.StartWith("ERR unknown command"));
        Assert.That(await program.StopAsync(), Is.Zero, program.Errors);
    }

    [Test]
    public async Task Resp_stands_redis_benchmark()
    {
        await using DocumentedProgram program = await DocumentedProgram.StartAsync(s_programs["Resp"]);

        string[] options = "-t ping,set,get -n 20000 -c 20 -P 16 -r 1000 -d 100 --csv".Split(' ');
        string report = await RunAsync("redis-benchmark", ["-p", PortOf(program), .. options]);

        foreach (string test in new[] { "PING_INLINE", "PING_MBULK", "SET", "GET" })
        {
            Assert.That(report, Does.Match($"\"{test}\",\"[0-9.]+\""));
        }

        Assert.That(await program.StopAsync(), Is.Zero, program.Errors);
    }

    private static async Task AssertEndsAsync(DocumentedProgram program, string request, string answer)
    {
        using Socket client = await program.ConnectAsync();
        await Clients.SendAllAsync(client, Encoding.ASCII.GetBytes(request));
        Assert.That(Encoding.ASCII.GetString(await Clients.ReceiveToEndAsync(client)), Is.EqualTo(answer));
    }

    private static string PortOf(DocumentedProgram program) =>
        program.Endpoint.Port.ToString(CultureInfo.InvariantCulture);

    private static Task<string> AskAsync(DocumentedProgram program, params string[] command) =>
        RunAsync("redis-cli", ["-p", PortOf(program), .. command]);

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(
                new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
            string output = await process.StandardOutput.ReadToEndAsync().WaitAsync(Clients.Patience);
            await process.WaitForExitAsync().WaitAsync(Clients.Patience);
            Assert.That(process.ExitCode, Is.Zero, output);
            return output;
        }
        catch (Win32Exception missing)
        {
            Assert.Ignore($"{program} is not installed (redis-tools): {missing.Message}");
            throw;
        }
    }
}
