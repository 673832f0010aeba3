using System.Reflection;
using Gain.CompilerServices;
using Gain.Tests.Server;
using Inner = Gain.CompilerServices.ProtocolPair<
    Gain.Tests.Server.EchoProtocol, Gain.Tests.Server.HalfCloseProtocol>;
using Outer = Gain.CompilerServices.ProtocolPair<
    Gain.CompilerServices.ProtocolPair<Gain.Tests.Server.EchoProtocol, Gain.Tests.Server.HalfCloseProtocol>,
    Gain.CompilerServices.ProtocolPair<Gain.Tests.Server.EchoProtocol, Gain.Tests.Server.HalfCloseProtocol>>;

namespace Gain.Tests.Workers;

/// <summary>Two protocols as one, without a server; SeveralProtocolsTests has those with one.</summary>
public class ProtocolPairTests
{
    // A member with a default body that a pair did not implement would do nothing for either protocol.
    [TestCase(typeof(IProtocol<>))]
    [TestCase(typeof(IProtocolParts<>))]
    public void Every_member_is_implemented(Type contract)
    {
        string[] members = [.. contract.GetMethods().Select(method => method.Name)];
        string prefix = $"{contract.FullName!.Split('`')[0]}<";
        string[] implemented =
        [
            .. typeof(ProtocolPair<,>)
                .GetMethods(BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.DeclaredOnly)
                .Where(method => method.Name.StartsWith(prefix, StringComparison.Ordinal))
                .Select(method => method.Name[(method.Name.LastIndexOf('.') + 1)..]),
        ];
        Assert.That(members, Is.Not.Empty);
        Assert.That(implemented, Is.EquivalentTo(members));
    }

    [Test]
    public void Protocol_alone_has_one_part()
    {
        var echo = new EchoProtocol();
        Assert.That(PartsOf<EchoProtocol>(), Is.EqualTo(1));
        Assert.That(Describe(ref echo), Is.EqualTo((0, Callbacks.Read)));
        Assert.That(CommonTo<EchoProtocol>(), Is.EqualTo(Callbacks.Read));
        Assert.That(NameOf<EchoProtocol>(), Is.EqualTo("EchoProtocol"));
    }

    [Test]
    public void Parts_of_nested_pairs_are_numbered_in_order()
    {
        Callbacks half = Callbacks.Read | Callbacks.ReadClosed | Callbacks.Close;
        var first = Outer.OfFirst(Inner.OfFirst(default));
        var second = Outer.OfFirst(Inner.OfSecond(default));
        var third = Outer.OfSecond(Inner.OfFirst(default));
        var fourth = Outer.OfSecond(Inner.OfSecond(default));
        Assert.That(PartsOf<Outer>(), Is.EqualTo(4));
        Assert.That(Describe(ref first), Is.EqualTo((0, Callbacks.Read)));
        Assert.That(Describe(ref second), Is.EqualTo((1, half)));
        Assert.That(Describe(ref third), Is.EqualTo((2, Callbacks.Read)));
        Assert.That(Describe(ref fourth), Is.EqualTo((3, half)));
        Assert.That(CommonTo<Outer>(), Is.EqualTo(Callbacks.Read));
        Assert.That(DeclaredIn<Outer>(), Is.EqualTo(half));
        Assert.That(Name(ref first), Is.EqualTo("EchoProtocol"));
        Assert.That(Name(ref fourth), Is.EqualTo("HalfCloseProtocol"));
        Assert.That(
            NameOf<Outer>(),
            Is.EqualTo("EchoProtocol or HalfCloseProtocol or EchoProtocol or HalfCloseProtocol"));
    }

    private static (int Part, Callbacks Declared) Describe<T>(ref T handler)
        where T : struct, IProtocol<T> => (T.PartOf(ref handler), T.DeclaredBy(ref handler));

    private static int PartsOf<T>()
        where T : struct, IProtocol<T> => T.Parts;

    private static Callbacks CommonTo<T>()
        where T : struct, IProtocol<T> => T.Common;

    private static Callbacks DeclaredIn<T>()
        where T : struct, IProtocol<T> => T.Declared;

    private static string Name<T>(ref T handler)
        where T : struct, IProtocol<T> => T.NameOf(ref handler);

    private static string NameOf<T>()
        where T : struct, IProtocol<T> => T.DisplayName;
}
