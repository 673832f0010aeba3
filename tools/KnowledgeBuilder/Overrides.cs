using System.Reflection;

namespace Gain.KnowledgeBuilder;

/// <summary>
/// What the IL does not say: native code, caches, and what the just-in-time compiler replaces. A line of
/// overrides.txt is '+' (free), '-' (allocates), '~' (allocates when it grows)
/// or '?' (unknown) and a method, or all methods of that name and
/// arity when it lacks the parameters, or of that name when it lacks both, or all of a type as "Type.*"; '#'
/// begins a comment, after two spaces.
/// </summary>
internal sealed class Overrides
{
    private readonly Dictionary<string, Verdict> _verdicts = [];
    private readonly HashSet<string> _used = [];

    public IEnumerable<string> Unused => _verdicts.Keys.Where(key => !_used.Contains(key));

    public static Overrides Read()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("overrides.txt")!;
        using var reader = new StreamReader(stream);
        var overrides = new Overrides();
        while (reader.ReadLine() is { } line)
        {
            // A comment stands after two spaces: "#ctor" is the name of constructors.
            string text = line.Split("  #")[0].Trim();
            if (text.Length > 0 && text[0] != '#')
            {
                overrides._verdicts[text[1..].Trim()] = text[0] switch
                {
                    '+' => Verdict.Free,
                    '-' => Verdict.Allocates,
                    '~' => Verdict.Grows,
                    '?' => Verdict.Unknown,
                    _ => throw new InvalidDataException(
                        $"overrides.txt: \"{line}\" begins with none of + - ~ ?."),
                };
            }
        }

        return overrides;
    }

    public Verdict? Find(MethodNode method) =>
        Get(method.FullId)
        ?? Get($"{method.Type.Name}.{method.Id.Split('(')[0]}")
        ?? Get($"{method.Type.Name}.{method.Id.Split('(', '`')[0]}")
        ?? Get($"{method.Type.Name}.*");

    private Verdict? Get(string key)
    {
        if (!_verdicts.TryGetValue(key, out Verdict verdict))
        {
            return null;
        }

        _used.Add(key);
        return verdict;
    }
}
