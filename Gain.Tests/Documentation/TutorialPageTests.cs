using System.Net.Sockets;
using System.Text;
using Gain.Tests.Server;

namespace Gain.Tests.Documentation;

/// <summary>
/// The steps of docs/tutorial.md do what the page says. The last one is compiled by the tests of hosting.
/// </summary>
public sealed class TutorialPageTests
{
    private static readonly IReadOnlyDictionary<string, string> s_steps =
        DocumentedProgram.In("docs/tutorial.md");

    [Test]
    public void Every_step_is_tested() =>
        Assert.That(s_steps.Keys, Is.EquivalentTo(new[] { "Echo", "Lines", "Names", "Chat", "Guest", "" }));

    [TestCase("Echo", "hello\n", "hello\n")]
    [TestCase("Lines", "hel lo\nx\n", "you said: hel lo\nyou said: x\n")]
    [TestCase("Names", "ann\nhi\n", "who are you?\nhello ann\nann: hi\n")]
    [TestCase("Guest", "hi\n/quit\n", "hi\nbye\n")]
    public async Task Step_answers(string step, string request, string answer)
    {
        await using DocumentedProgram program = await DocumentedProgram.StartAsync(s_steps[step]);
        await program.AssertAnswersAsync(Encoding.ASCII.GetBytes(request), Encoding.ASCII.GetBytes(answer));
        Assert.That(await program.StopAsync(), Is.Zero, program.Errors);
    }

    [Test]
    public async Task Lines_that_are_too_long_are_told_so()
    {
        await using DocumentedProgram program = await DocumentedProgram.StartAsync(s_steps["Lines"]);
        using Socket client = await program.ConnectAsync();
        await Clients.SendAllAsync(client, new byte[501]);
        Assert.That(await Clients.ReceiveToEndAsync(client), Is.EqualTo("too long\n"u8.ToArray()));
        Assert.That(await program.StopAsync(), Is.Zero, program.Errors);
    }

    [Test]
    public async Task Room_tells_the_others()
    {
        await using DocumentedProgram program = await DocumentedProgram.StartAsync(s_steps["Chat"]);
        using Socket first = await program.ConnectAsync();
        using Socket second = await program.ConnectAsync();

        // An answer of the second tells that it has a seat, and then the first one's line reaches it.
        await Clients.SendAllAsync(second, "here\n"u8.ToArray());
        Assert.That(await Clients.ReceiveExactlyAsync(first, 5), Is.EqualTo("here\n"u8.ToArray()));
        await Clients.SendAllAsync(first, "hello\n"u8.ToArray());
        Assert.That(await Clients.ReceiveExactlyAsync(second, 6), Is.EqualTo("hello\n"u8.ToArray()));
        Assert.That(await program.StopAsync(), Is.Zero, program.Errors);
    }

    [Test]
    public async Task Guests_are_told_that_the_house_closes_and_a_third_of_one_address_is_refused()
    {
        await using DocumentedProgram program = await DocumentedProgram.StartAsync(s_steps["Guest"]);
        using Socket first = await program.ConnectAsync();
        using Socket second = await program.ConnectAsync();
        await Clients.SendAllAsync(first, "a\n"u8.ToArray());
        await Clients.SendAllAsync(second, "b\n"u8.ToArray());
        await Clients.ReceiveExactlyAsync(first, 2);
        await Clients.ReceiveExactlyAsync(second, 2);
        using Socket third = await program.ConnectAsync();
        Assert.That(await Clients.ReceiveToEndAsync(third), Is.Empty);
        Task<byte[]> end = Clients.ReceiveToEndAsync(first);
        second.Dispose();
        program.Terminate();
        Assert.That(await end, Is.EqualTo("the house closes\n"u8.ToArray()));
        first.Dispose();
        Assert.That(await program.AwaitEndAsync(), Is.Zero, program.Errors);
    }
}
