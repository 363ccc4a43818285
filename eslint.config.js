import js from '@eslint/js'
import prettier from 'eslint-config-prettier'
import regexp from 'eslint-plugin-regexp'
import svelte from 'eslint-plugin-svelte'
import globals from 'globals'
import ts from 'typescript-eslint'

export default ts.config(
  { ignores: ['out/', 'dist/', 'coverage/', 'node_modules/', 'tests/fixtures/', 'test-results/'] },
  js.configs.recommended,
  ...ts.configs.strictTypeChecked,
  ...svelte.configs.recommended,
  prettier,
  {
    languageOptions: {
      globals: globals.node,
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.svelte']
      }
    },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true }
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/only-throw-error': ['error', { allowThrowingUnknown: true }],
      'no-restricted-syntax': [
        'error',
        { selector: 'TSEnumDeclaration', message: 'A const array and its union type, please (HOUSE §3).' },
        { selector: 'ExportDefaultDeclaration', message: 'Named exports only (HOUSE §3).' }
      ]
    }
  },
  {
    // What reads bytes from outside must take time in proportion to their length.
    files: ['src/main/**/*.ts', 'src/contract/**/*.ts', 'src/renderer/**/*.ts'],
    plugins: { regexp },
    rules: {
      'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
      'regexp/no-super-linear-move': ['error', { report: 'potential', ignoreSticky: true }]
    }
  },
  {
    files: [
      '**/*.config.ts',
      '*.config.js',
      'src/assets.d.ts',
      'src/renderer/**',
      'scripts/**',
      'tests/e2e/say-which-host.ts'
    ],
    rules: { 'no-restricted-syntax': 'off' }
  },
  { files: ['**/*.js', '**/*.mjs', '**/*.cjs'], ...ts.configs.disableTypeChecked },
  {
    // The stand-in is checked by its own tsconfig: CommonJS, since it must be there before any `import`.
    files: ['**/*.cjs'],
    languageOptions: { sourceType: 'commonjs' },
    rules: { '@typescript-eslint/no-require-imports': 'off', 'svelte/no-inner-declarations': 'off' }
  },
  {
    files: [
      'tests/standin/page/**',
      'tests/e2e/host-app/**',
      'tests/bench/*.js',
      'resources/companion/**/*.js'
    ],
    languageOptions: { globals: { ...globals.node, ...globals.browser } }
  },
  {
    // Scripts that are pasted together: what one of them says, the next one uses.
    files: ['tests/standin/page/**'],
    languageOptions: {
      sourceType: 'script',
      globals: {
        standinBridge: 'writable',
        standinCodec: 'writable',
        standinFacts: 'readonly',
        __standinRequire: 'readonly'
      }
    },
    rules: {
      'no-var': 'off',
      'no-redeclare': 'off',
      '@typescript-eslint/no-unused-vars': 'off',
      'svelte/no-inner-declarations': 'off'
    }
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { globals: globals.browser, parserOptions: { parser: ts.parser } }
  },
  {
    files: ['tests/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Playwright reads the pattern of a fixture's first parameter; one that needs no other is empty.
      'no-empty-pattern': ['error', { allowObjectPatternsAsParameters: true }],
      '@typescript-eslint/no-floating-promises': 'error'
    }
  }
)
