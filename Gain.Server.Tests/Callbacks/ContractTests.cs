using System.Reflection;
using Gain.CompilerServices;

namespace Gain.Tests.Server;

/// <summary>Handlers that another version of the generator has compiled.</summary>
public class ContractTests
{
    // What generated code of the first contract implements. A member more would keep it from loading.
    private static readonly string[] s_abstract =
    [
        "Accept", "Close", "Complete", "CreatePerWorker", "Drained", "ProtocolError", "Read", "ReadClosed",
        "Start", "Timer", "Write", "get_Declared",
    ];

    [Test]
    public void Interface_asks_for_nothing_that_the_first_generator_did_not_write()
    {
        IEnumerable<string> found =
            from type in new[] { typeof(IProtocol<>), typeof(IProtocolParts<>) }
            from method in type.GetMethods(BindingFlags.Static | BindingFlags.Public)
            where method.IsAbstract
            select method.Name;
        Assert.That(found, Is.EquivalentTo(s_abstract), "give new members a body, or raise the contract");
    }

    [Test]
    public void Handler_of_an_older_contract_is_told_to_be_built_again()
    {
        GainException refused = Assert.Throws<GainException>(
            () => GainServer.Start(new OlderHandler(), "tcp://127.0.0.1:0"))!;
        Assert.That(refused.ErrorCode, Is.EqualTo(GainError.ProtocolMismatch));
        Assert.That(
            refused.Message,
            Does.StartWith("OlderHandler was compiled with a generator that is older than Gain ")
                .And.Contain("build its assembly again"));
    }

    [Test]
    public void Handler_of_a_newer_contract_is_named_also_as_one_of_two()
    {
        GainServerBuilder<ProtocolPair<EchoProtocol, NewerHandler>> two = GainServer
            .Listen(new EchoProtocol(), "tcp://127.0.0.1:0")
            .Listen(new NewerHandler(), "tcp://127.0.0.1:0");
        GainException refused = Assert.Throws<GainException>(() => two.Start())!;
        Assert.That(refused.ErrorCode, Is.EqualTo(GainError.ProtocolMismatch));
        Assert.That(
            refused.Message,
            Does.StartWith("NewerHandler was compiled with a generator that is newer than Gain ")
                .And.Contain("give the server the version"));
    }
}

/// <summary>As if compiled long ago.</summary>
[GainProtocol]
internal partial struct OlderHandler
{
    static int IProtocolParts<OlderHandler>.Contract => ProtocolContract.Oldest - 1;

    private static void OnRead(Connection connection) => connection.Close();
}

/// <summary>As if compiled with a version to come.</summary>
[GainProtocol]
internal partial struct NewerHandler
{
    static int IProtocolParts<NewerHandler>.Contract => ProtocolContract.Current + 1;

    private static void OnRead(Connection connection) => connection.Close();
}
