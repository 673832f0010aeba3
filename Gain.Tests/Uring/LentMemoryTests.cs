using System.Reflection;
using System.Xml.Linq;
using Gain.Uring;

namespace Gain.Tests.Uring;

/// <summary>
/// Members that lead into native memory without `unsafe`: each says until when, or is checked by its type.
/// </summary>
[TestFixture]
internal sealed class LentMemoryTests
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly string[] s_promises =
        ["ends the process", "valid as long as the buffer", "a look at it a"];

    // Loops, which end before what they lead to can: the ring refuses to go while one runs.
    private static readonly Type[] s_checked = [typeof(CompletionBatch), typeof(LargeCompletionBatch)];

    [Test]
    public void Each_says_until_when_its_memory_is_there()
    {
        string path = Path.ChangeExtension(typeof(Ring).Assembly.Location, "xml");
        Dictionary<string, string> pages = XDocument.Load(path).Descendants("member")
            .ToDictionary(member => member.Attribute("name")!.Value, TextOf);
        MemberInfo[] members =
        [
            .. from type in typeof(Ring).Assembly.GetExportedTypes()
               where !s_checked.Contains(type) && !s_checked.Contains(type.DeclaringType)
               from member in type.GetMembers(Declared)
               where LeadsToMemory(member)
               select member,
        ];

        Assert.That(members, Has.Length.GreaterThan(12), "Too few were found.");
        Assert.That(
            members.Where(member => !Promises(pages, member))
                .Select(member => $"{member.DeclaringType!.Name}.{member.Name}"),
            Is.Empty, "These do not say until when what they lead to is there.");
    }

    // On its own page, or on its type's, or on that of what it gives.
    private static bool Promises(Dictionary<string, string> pages, MemberInfo member)
    {
        string type = member.DeclaringType!.FullName!.Replace('+', '.');
        string kind = member is PropertyInfo ? "P" : "M";
        IEnumerable<string> own = pages.Where(page => page.Key == $"{kind}:{type}.{member.Name}"
            || page.Key.StartsWith($"{kind}:{type}.{member.Name}(", StringComparison.Ordinal))
            .Select(page => page.Value);
        IEnumerable<string> types = Given(member).Append(member.DeclaringType)
            .Select(given => pages.GetValueOrDefault($"T:{given.FullName}", ""));
        return own.Concat(types).Any(text => s_promises.Any(text.Contains));
    }

    private static bool LeadsToMemory(MemberInfo member) =>
        member is not MethodInfo { IsSpecialName: true } && Given(member).Any(type =>
            type.IsByRefLike && !s_checked.Contains(type) && !s_checked.Contains(type.DeclaringType));

    // What a caller gets: the result, and what is `out`.
    private static IEnumerable<Type> Given(MemberInfo member) => member switch
    {
        PropertyInfo property => [property.PropertyType],
        MethodInfo method =>
        [
            method.ReturnType,
            .. method.GetParameters().Where(parameter => parameter.IsOut)
                .Select(parameter => parameter.ParameterType.GetElementType()!),
        ],
        _ => [],
    };

    private static string TextOf(XElement member) =>
        string.Join(' ', member.ToString().Split((char[])null!, StringSplitOptions.RemoveEmptyEntries));
}
